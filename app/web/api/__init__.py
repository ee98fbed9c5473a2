"""The JSON API for programs, one file for each noun."""

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()
