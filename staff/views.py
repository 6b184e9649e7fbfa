from django.contrib.auth.views import LoginView

from staff.forms import SignInForm


class SignIn(LoginView):
    """The one sign-in page for colleagues, the Django admin included."""

    template_name = "staff/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = False  # the admin sends colleagues without access here; a redirect back would loop
