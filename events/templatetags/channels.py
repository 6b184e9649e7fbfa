"""How channels look; their names stand beside the signs."""

from django import template

from events.models import Channel

register = template.Library()

ICONS = {
    Channel.WEB: "globe",
    Channel.EMAIL: "mail",
    Channel.SOCIAL: "megaphone",
    Channel.MOBILE: "smartphone",
    Channel.PRODUCT: "box",
    Channel.IN_PERSON: "handshake",
    Channel.PURCHASE: "shopping-cart",
    Channel.SUPPORT: "life-buoy",
    Channel.BILLING: "receipt",
    Channel.SURVEY: "clipboard-list",
    Channel.CRM: "contact-round",
}


@register.filter
def channel_icon(channel: str) -> str:
    return ICONS[Channel(channel)]
