"""Pages for people, one file for each noun."""

from fastapi import APIRouter

from app.web.pages import access, accounts, clients, library, plans, practice, referrals, screens

ROUTERS: tuple[APIRouter, ...] = (
    access.router,
    accounts.router,
    clients.router,
    library.router,
    plans.router,
    practice.router,
    referrals.router,
    screens.router,
)
