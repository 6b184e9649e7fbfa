"""Two ways to use a page: by mouse, and by keyboard alone. A journey takes either, and says the same."""

from playwright.sync_api import Locator, Page, TimeoutError

from tests.browser.conftest import PASSWORD

MOST_TABS = 600  # a draft of a scoring model has some 300 fields


class Mouse:
    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, role, name, within=None):
        """Press the first link or button of the name."""
        (within or self.page).get_by_role(role, name=name, exact=True).first.click()

    def write(self, field: Locator, text):
        field.fill(text)

    def follow(self, wanted: Locator):
        """Press a link or button that is named otherwise in each language."""
        wanted.first.click()

    def choose(self, field: Locator, label):
        field.select_option(label=label)

    def choose_file(self, field: Locator, path):
        field.set_input_files(path)

    def sign_in(self, email="ada@example.com", to="All customers at risk"):
        """Sign in, and go on by that link of Today; None stays there."""
        self.write(self.page.get_by_label("E-mail"), email)
        self.write(self.page.get_by_label("Password"), PASSWORD)
        self.press("button", "Sign in")
        self.page.wait_for_url("**/today/")
        if to is not None:
            self.press("link", to)
            self.page.wait_for_url("**/at-risk/")


class Keyboard(Mouse):
    """Reaches everything by Tab, presses Enter, types over what stands there."""

    def press(self, role, name, within=None):
        self._reach((within or self.page).get_by_role(role, name=name, exact=True).first)
        self.page.keyboard.press("Enter")

    def follow(self, wanted):
        self._reach(wanted.first)
        self.page.keyboard.press("Enter")

    def choose(self, field, label):
        self._reach(field)
        self.page.keyboard.type(label)

    def write(self, field, text):
        self._reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose_file(self, field, path):
        """Open the browser's own dialog; what happens in there is not ours."""
        self._reach(field)
        for key in ("Enter", "Space", "Enter"):  # a key pressed while the page still settles opens nothing
            try:
                with self.page.expect_file_chooser(timeout=10_000) as dialog:
                    self.page.keyboard.press(key)
            except TimeoutError:
                continue
            dialog.value.set_files(path)
            return
        raise AssertionError(f"No dialog opens at {field}")

    def _reach(self, wanted: Locator):
        element = wanted.element_handle()
        for _ in range(MOST_TABS):
            if element.evaluate("it => it === document.activeElement"):
                assert element.evaluate("it => it.matches(':focus-visible')"), f"The focus is not to be seen: {wanted}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"No way by Tab to {wanted}")
