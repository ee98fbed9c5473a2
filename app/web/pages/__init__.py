"""Pages for people, one file for each noun."""

from fastapi import APIRouter

from app.web.pages import accounts, clients, library, plans, referrals

ROUTERS: tuple[APIRouter, ...] = (accounts.router, clients.router, library.router, plans.router, referrals.router)
