"""Pages for people, one file for each noun."""

from fastapi import APIRouter

from app.web.pages import accounts, library

ROUTERS: tuple[APIRouter, ...] = (accounts.router, library.router)
