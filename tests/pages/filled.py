"""Forms as a browser sends them back."""


def form_of(client, path):
    """Return what the form would send if nobody touched it."""
    form = client.get(path).context["form"]
    found = {field.html_name: field.value() for field in form}
    names, values = zip(*form.attributes.pairs(), strict=True)
    found |= {"attribute_name": list(names), "attribute_value": list(values), "attribute_seen": form.attributes.seen}
    return {name: value for name, value in found.items() if value is not None}
