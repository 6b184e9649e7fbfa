"""The restore drill: makes an installation, backs it up under load, restores it elsewhere, compares, removes both."""
