"""The JSON API for programs, one file for each noun."""

from fastapi import APIRouter

from app.web.api import docs, library, plans, practice, referrals

ROUTERS: tuple[APIRouter, ...] = (library.router, plans.router, practice.router, referrals.router, docs.router, docs.router)
