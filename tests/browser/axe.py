"""axe-core (npm), which finds what keeps people from reading or using a page."""

from django.conf import settings

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MATCHES = "(element, selector) => element.matches(selector)"


def violations(page, but=None, **options):
    """Return what axe finds; `but` maps a rule to the selector of the elements it is not asked for."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("(options) => axe.run(document, options)", {"runOnly": RULES, **options})["violations"]
    return [
        f"{page.url}: {one['id']}: {node['html'][:200]}"
        for one in found
        for node in one["nodes"]
        if not (but and one["id"] in but and page.locator(node["target"][0]).evaluate(MATCHES, but[one["id"]]))
    ]
