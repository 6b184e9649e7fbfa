"""What says nothing of which company a name or a domain means: legal forms, and hosts that many share."""

# As `core.db.folding` writes them: in small letters, without points and accents. More than one word: longest first.
LEGAL_FORMS = (
    "ug haftungsbeschrankt", "private limited", "sp z o o", "sp z oo", "sa de cv", "sa rl", "a s",
    "gmbh", "mbh", "ggmbh", "ag", "kg", "kgaa", "ohg", "ug", "gbr", "eg", "ek", "ev", "se",
    "inc", "incorporated", "llc", "llp", "lp", "ltd", "limited", "corp", "corporation", "co", "company", "plc",
    "pty", "pvt", "pte", "bhd", "ltda",
    "sa", "sas", "sasu", "sarl", "eurl", "sci", "sl", "slu", "srl", "spa", "sro", "doo", "oy", "oyj", "ab", "aps",
    "as", "asa", "bv", "nv", "vof", "bvba",
    "ооо", "оао", "зао", "пао", "нао", "ао", "ип", "тоо", "тов",
)  # fmt: skip
# These also stand in front of the name.
LEGAL_FORMS_IN_FRONT = (
    "ооо", "оао", "зао", "пао", "нао", "ао", "ип", "тоо", "тов", "sarl", "sas", "sasu", "eurl", "sci",
)  # fmt: skip

# Providers of mail, and places where everybody has a page: whoever writes one of these as a domain has none.
SHARED_HOSTS = (
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.fr", "hotmail.co.uk", "live.com", "msn.com",
    "yahoo.com", "yahoo.fr", "yahoo.de", "yahoo.co.uk", "ymail.com", "aol.com", "icloud.com", "me.com", "mac.com",
    "proton.me", "protonmail.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "web.de", "t-online.de",
    "freenet.de", "mail.com", "zoho.com", "fastmail.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr",
    "laposte.net", "bluewin.ch", "libero.it", "mail.ru", "bk.ru", "inbox.ru", "list.ru", "internet.ru", "yandex.ru",
    "yandex.com", "ya.ru", "rambler.ru", "ukr.net", "qq.com", "163.com", "126.com", "naver.com",
    "facebook.com", "instagram.com", "linkedin.com", "twitter.com", "x.com", "youtube.com", "vk.com", "t.me",
    "sites.google.com", "goo.gl", "bit.ly", "linktr.ee", "github.com",
)  # fmt: skip
