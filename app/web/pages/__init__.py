"""Pages for people, one file for each noun."""

from fastapi import APIRouter

from app.web.pages import accounts, clients, library

ROUTERS: tuple[APIRouter, ...] = (accounts.router, clients.router, library.router)
