"""The JSON API for programs, one file for each noun."""

from fastapi import APIRouter

from app.web.api import plans, referrals

ROUTERS: tuple[APIRouter, ...] = (plans.router, referrals.router)
