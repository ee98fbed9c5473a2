"""The JSON API for programs, one file for each noun."""

from fastapi import APIRouter

from app.web.api import clients, docs, library, plans, practice, progress, referrals, screens

ROUTERS: tuple[APIRouter, ...] = (
    clients.router,
    library.router,
    plans.router,
    practice.router,
    progress.router,
    referrals.router,
    screens.router,
    docs.router,
)
