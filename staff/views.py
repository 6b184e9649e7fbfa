from django.contrib.auth.views import LoginView

from staff.forms import SignInForm


class SignIn(LoginView):
    """The one door for colleagues, the Django admin included."""

    template_name = "staff/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = False  # an admin page sends a colleague who may not see it here
