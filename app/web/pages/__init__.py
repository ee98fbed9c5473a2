"""Pages for people, one file for each noun."""

from fastapi import APIRouter

from app.web.pages import (
    access,
    accounts,
    adjustments,
    changes,
    clients,
    figures,
    library,
    library_drafts,
    library_files,
    library_pictures,
    library_upkeep,
    plans,
    practice,
    progress,
    referrals,
    screens,
    sessions,
)

ROUTERS: tuple[APIRouter, ...] = (
    practice.router,  # first, since an address is looked for in this order, and this is where the phones are all day
    access.router,
    accounts.router,
    adjustments.router,
    changes.router,
    clients.router,
    figures.router,
    library_drafts.router,
    library_files.router,
    library_pictures.router,
    library_upkeep.router,
    library.router,
    plans.router,
    progress.router,
    referrals.router,
    screens.router,
    sessions.router,
)
