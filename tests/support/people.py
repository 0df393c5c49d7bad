"""The people of the journeys, each at a browser: staff at their desk, a partner in their mailbox."""

from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from crm.demo.mailboxes import Received
from tests.support.demo_house import DemoHouse
from tests.support.looking import PHONE, WIDE, Console, faults

SWITCH = {"ur": "اردو", "en": "English"}


@dataclass(frozen=True)
class Desk:
    """A member of staff before the pages of the house."""

    house: DemoHouse
    page: Page

    def sign_in(self, role: str) -> None:
        """Sign in with the account that the house printed for the role."""
        email, password = self.house.sign_in_of(role)
        self.go("/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.press("Sign in")
        expect(self.page.locator("nav a[aria-current=page]").first).to_be_attached()

    def go(self, path: str) -> None:
        """Open a page of the house."""
        answer = self.page.goto(self.house.address + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def press(self, name: str) -> None:
        """Press the button of that name in the page's main part."""
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def speak(self, language: str) -> None:
        """Turn the language switch, if need be; the page comes again."""
        html = self.page.locator("html")
        if html.get_attribute("lang") != language:
            self.page.get_by_role("banner").get_by_role("button", name=SWITCH[language]).click()
            expect(html).to_have_attribute("lang", language)

    def looks_right(self) -> None:
        """Nothing is wrong with how this page is made."""
        found = faults(self.page)
        assert not found, f"{self.page.url}\n" + "\n".join(found)

    def main(self) -> str:
        """The words of the page's main part."""
        return self.page.get_by_role("main").inner_text()

    def flash(self, words: str) -> None:
        """The page says so above everything."""
        expect(self.page.get_by_text(words).first).to_be_visible()


@dataclass(frozen=True)
class Partner:
    """A partner, who answers from the page of their mailbox in the demo's post office."""

    desk: Desk
    address: str

    def open(self, of: str) -> Received:
        """Open the first mail whose subject holds `of`, once it has come."""
        mail = self.desk.house.wait_for_mail(self.address, of)
        self.desk.go(f"/post-office/{self.address}/{mail.number}")
        return mail

    def send(self, button: str) -> None:
        """Press a button beside the open mail; it is handed over."""
        panel = self.desk.page.get_by_role("complementary", name="Answer as this partner")
        panel.get_by_role("button", name=button, exact=True).click()
        self.desk.flash("Handed over. It is read within seconds.")


@dataclass(frozen=True)
class Chairs:
    """Opens a browser for whoever sits down."""

    house: DemoHouse
    browser: Browser
    console: Console

    def desk(self, **manner: object) -> Desk:
        """A browser without a session, by default a wide one."""
        settings = {"viewport": WIDE, "accept_downloads": True} | manner
        context = self.console.listen(self.browser.new_context(**settings))  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        return Desk(self.house, context.new_page())

    def phone(self, **manner: object) -> Desk:
        """The same on a phone."""
        return self.desk(viewport=PHONE, has_touch=True, is_mobile=True, **manner)
