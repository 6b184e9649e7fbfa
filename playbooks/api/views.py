"""Tasks by the page's own filter, and one verb for each change."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from core.api.refusals import Conflict
from core.api.schema import lists, reads, writes
from core.api.views import ApiView, checked, listed, page_of
from core.days import business_day
from customers.models import Customer
from playbooks import lifecycle
from playbooks.api.bodies import ClosingBody, NewTaskBody, TaskBody, TaskOut, people_of
from playbooks.filters import TaskFilter
from playbooks.models import Task
from staff.api.authentication import author
from staff.api.requests import ApiRequest

TAG = "tasks"


class TaskView(ApiView):
    area = "tasks"

    def held(self, request: ApiRequest, customer: int, task: uuid.UUID) -> Task:
        found: Task = get_object_or_404(Task.objects.visible_to(request.user), customer=customer, id=task)
        return found

    def done(self, act: Callable[..., Task], *, status: int = 200) -> Response:
        """Answer with the task as the verb left it. A task that somebody closed is a conflict, all else a fault."""
        try:
            return Response(TaskOut(act(by=author(self.request), now=self.now)).data, status)
        except lifecycle.AlreadyClosed as refusal:
            raise Conflict(str(refusal), "already_closed") from None
        except lifecycle.Refused as refusal:
            raise ValidationError(str(refusal)) from None


class Tasks(TaskView):
    filterset_class = TaskFilter

    @lists("tasks_list", TaskOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List tasks of the customers you see, by the filter of the page; open ones by day, closed ones last first."""
        visible = Task.objects.visible_to(request.user)
        filterset = self.filtered(visible, user=request.user, today=business_day(self.now))
        return listed(TaskOut, page_of(filterset.qs, filterset.order, request))

    @writes("tasks_create", NewTaskBody, TaskOut, TAG, status=(201,))
    def post(self, request: ApiRequest) -> Response:
        """Make a task. Without `assignee_id` it is nobody's yet."""
        data = checked(NewTaskBody(data=request.data, context={"user": request.user}))
        customer = Customer.objects.visible_to(request.user).filter(pk=data.pop("customer_id")).first()
        if customer is None:
            raise Http404
        return self.done(lambda **who: lifecycle.add(customer, **people_of(data), **who), status=201)


class OneTask(TaskView):
    @reads("tasks_retrieve", TaskOut, TAG)
    def get(self, request: ApiRequest, pk: int, task: uuid.UUID) -> Response:
        return Response(TaskOut(self.held(request, pk, task)).data)

    @writes("tasks_update", TaskBody, TaskOut, TAG)
    def patch(self, request: ApiRequest, pk: int, task: uuid.UUID) -> Response:
        """Change an open task: reword, put off, assign."""
        held = self.held(request, pk, task)
        fields: dict[str, Any] = checked(TaskBody(data=request.data, context={"user": request.user}))
        return self.done(lambda **who: lifecycle.change(held, **fields, **who))


class Finish(TaskView):
    @writes("tasks_finish", ClosingBody, TaskOut, TAG)
    def post(self, request: ApiRequest, pk: int, task: uuid.UUID) -> Response:
        """Close a task as done, which tells an event. 409 `already_closed` when somebody was faster."""
        held, data = self.held(request, pk, task), checked(ClosingBody(data=request.data))
        return self.done(lambda **who: lifecycle.finish(held, **data, **who))


class Cancel(TaskView):
    @writes("tasks_cancel", ClosingBody, TaskOut, TAG)
    def post(self, request: ApiRequest, pk: int, task: uuid.UUID) -> Response:
        """Close a task that is not to be done any more."""
        held, data = self.held(request, pk, task), checked(ClosingBody(data=request.data))
        return self.done(lambda **who: lifecycle.cancel(held, **data, **who))


class Reopen(TaskView):
    @writes("tasks_reopen", None, TaskOut, TAG)
    def post(self, request: ApiRequest, pk: int, task: uuid.UUID) -> Response:
        """Have a closed task be open again; the event it told is withdrawn."""
        held = self.held(request, pk, task)
        return self.done(lambda **who: lifecycle.reopen(held, **who))
