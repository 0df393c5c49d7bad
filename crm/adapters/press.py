"""The press: WeasyPrint, with the house's own fonts and nothing else to fetch."""

from email.message import Message
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

SCHEME = "font:"
SIGNATURE = "data:image/png;base64,"
ARABIC = "U+0600-06FF, U+0750-077F, U+08A0-08FF, U+200C-200F, U+FB50-FDFF, U+FE70-FEFF"
FACES = (
    ("Inter", "inter-latin-wght-normal.woff2", "100 900", "U+0000-00FF, U+0131, U+0152-0153, U+2000-206F, U+20AC"),
    ("Inter", "inter-latin-ext-wght-normal.woff2", "100 900", "U+0100-02BA, U+1E00-1EFF, U+20A0-20C0"),
    ("Noto Naskh Arabic", "noto-naskh-arabic-arabic-wght-normal.woff2", "400 700", ARABIC),
    ("Noto Nastaliq Urdu", "noto-nastaliq-urdu-arabic-wght-normal.woff2", "400 700", ARABIC),
)


class FetchRefused(ValueError):
    """A letter asked for something outside itself. Nothing is fetched, so that no letter can reach into a network."""


class WeasyPress:
    """Fulfils crm.ports.Press. `fonts_folder`: where the vendored woff2 files lie; a missing one falls back."""

    def __init__(self, fonts_folder: Path) -> None:
        self._fonts = fonts_folder

    def pdf(self, html: str) -> bytes:
        """The PDF of `html`, which must need nothing but its own words and our fonts."""
        printer, fonts, faces = self._printer
        page = printer.HTML(string=html, url_fetcher=self.fetcher, base_url=None)
        return bytes(page.write_pdf(stylesheets=[faces], font_config=fonts))

    @cached_property
    def _printer(self) -> tuple[Any, Any, Any]:
        """WeasyPrint with the fonts read once."""
        # It costs 0.5 s and much memory to import, and only the worker prints (house, trap 11).
        import weasyprint  # noqa: PLC0415
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

        fonts = FontConfiguration()
        faces = weasyprint.CSS(string=self._faces(), url_fetcher=self.fetcher, font_config=fonts)
        return weasyprint, fonts, faces

    def _faces(self) -> str:
        there = [face for face in FACES if (self._fonts / face[1]).is_file()]
        return "\n".join(
            f'@font-face {{ font-family: "{family}"; src: url("{SCHEME}{name}") format("woff2");'
            f" font-weight: {weights}; unicode-range: {letters} }}"
            for family, name, weights, letters in there
        )

    @cached_property
    def fetcher(self) -> Any:
        """Gives the fonts named above and a signature that the page itself carries, and refuses everything else."""
        from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 for the reason above

        folder = self._fonts

        class OwnFonts(URLFetcher):  # type: ignore[misc]
            def fetch(self, url: str, headers: Any = None) -> Any:
                if url.startswith(SIGNATURE):
                    return super().fetch(url, headers)
                name = url.removeprefix(SCHEME)
                if not url.startswith(SCHEME) or name not in {face[1] for face in FACES}:
                    raise FetchRefused("a letter may fetch nothing")
                kind = Message()
                kind["Content-Type"] = "font/woff2"
                return URLFetcherResponse(url, BytesIO((folder / name).read_bytes()), kind)

        return OwnFonts()
