"""What describes the API: /openapi.json for programs, /docs for people, both from this server alone."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from fastapi import APIRouter, FastAPI, Response

from app.web.page import Page, Screenful

router = APIRouter(include_in_schema=False)

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457). `errors` comes with 422, `missing` with some 409. What was sent is never repeated.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "missing": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "text"],
                "properties": {"id": {"type": "string"}, "text": {"type": "string"}},
            },
        },
    },
}
ANSWER = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
REFUSALS = {
    "401": "No token, or one that is no longer good.",
    "403": "Your role does not allow this.",
    "404": "Not there, or not yours.",
    "422": "Some fields need another look.",
    "4XX": "Any other refusal; a refusal changes nothing.",
}


@dataclass(frozen=True, kw_only=True)
class DocsPage(Page):
    template: ClassVar[str] = "docs.html"


@router.get("/docs")
def docs(view: Screenful) -> Response:
    """Swagger UI, which knows light colours only."""
    return view.show(DocsPage(shell=replace(view.shell, theme="light")))


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description of an app: FastAPI's, with the bearer token and the problem details that it can't know of."""
    schema = FastAPI.openapi(app)
    components = schema.setdefault("components", {})
    if "securitySchemes" in components:
        return schema
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token that `./run -- token EMAIL` prints."}
    }
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for operations in schema["paths"].values():
        for operation in operations.values():
            operation["security"] = [{"token": []}]
            operation["responses"] |= {status: {"description": words, **ANSWER} for status, words in REFUSALS.items()}
    return schema
