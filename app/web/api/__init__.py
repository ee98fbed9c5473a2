"""The JSON API for programs, one file for each noun."""

from fastapi import APIRouter

from app.web.api import clients, docs, library, plans, practice, referrals, screens

ROUTERS: tuple[APIRouter, ...] = (
    clients.router,
    library.router,
    plans.router,
    practice.router,
    referrals.router,
    screens.router,
    docs.router,
)
