from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group

admin.site.unregister(Group)  # the role alone says who may do what
admin.site.unregister(EmailAddress)  # a colleague has one address, which stands with them
