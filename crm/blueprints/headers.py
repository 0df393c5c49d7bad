"""The headers of every answer (ASVS 3.4, SecureDrop): nothing is loaded from elsewhere, framed, sniffed or referred."""

from flask import Response, g, request

from crm.runtime import the_house

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Robots-Tag": "noindex, nofollow",
}
HSTS = "max-age=63072000; includeSubDomains"


def choose_nonce() -> None:
    """One nonce a request, for the few scripts a page may carry."""
    g.nonce = the_house().ports.randomness.token(16).hex()


def policy(nonce: str) -> str:
    """The Content-Security-Policy of a page."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def protect(response: Response) -> Response:
    """Put the headers on. Files of partners are sandboxed; pages are never kept by a shared cache."""
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", policy(g.get("nonce", "")))
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = HSTS
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def as_download(response: Response) -> Response:
    """A file from outside: saved, never shown in our origin, never stored by a cache (ASVS 3.2.1)."""
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["Cache-Control"] = "no-store"
    return response


def download(content: bytes, name: str, media_type: str = "application/octet-stream") -> Response:
    """A file under its own name, for any script (RFC 6266, RFC 8187)."""
    response = Response(content, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return as_download(response)
