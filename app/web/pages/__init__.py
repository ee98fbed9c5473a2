"""Pages for people, one file for each noun."""

from fastapi import APIRouter

from app.web.pages import accounts

ROUTERS: tuple[APIRouter, ...] = (accounts.router,)
