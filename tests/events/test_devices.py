"""Whose clock may be wrong: SDKs of browsers and phones, by their names and not by letters that stand in them."""

import pytest

from events.wire import devices


def is_device(name):
    return devices.is_device({"library": {"name": name, "version": "1.0"}})


@pytest.mark.parametrize(
    "name",
    [
        "analytics.js",
        "Analytics.js",
        "RudderLabs JavaScript SDK",
        "analytics-ios",
        "analytics-swift",
        "analytics-android",
        "analytics-kotlin",
        "analytics-react-native",
        "@segment/analytics-react-native",
        "analytics_flutter",
        "unity-analytics",
        "rudder-ios-library",
        "Rudder-iOS",
        "RudderSwift",
        "rudder-android",
        "com.rudderstack.android.sdk.core",
        "rudder-reactnative",
        "SegmentAndroid",
    ],
)
def test_sdks_of_browsers_and_phones(name):
    assert is_device(name)


@pytest.mark.parametrize(
    "name",
    [
        "acme-axios",
        "portfolios-api",
        "community-bot",
        "swiftmailer",
        "analytics-portfolios",
        "analytics-community",
        "segment-swiftmailer",
        "RudderSwiftmailer",
        "analytics-node",
        "analytics-python",
        "analytics-ruby",
        "@segment/analytics-node",
        "rudder-sdk-python",
        "rudderlabs-node-sdk",
        "acme-swift-backend",
        "analytics-react",
        "analytics.js-proxy",
        "",
        "x" * 101,
    ],
)
def test_servers_and_whatever_else_there_is(name):
    assert not is_device(name)


@pytest.mark.parametrize("library", [None, "analytics.js", [], {}, {"name": None}, {"name": ["analytics.js"]}])
def test_what_names_no_library(library):
    assert not devices.is_device({"library": library})
    assert not devices.is_device({})
