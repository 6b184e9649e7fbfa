"""What leaves the house and what colleagues are told, and who words it: named, because core knows no app above it."""

# What composes each kind of outgoing message (core/outbox/queue.py)
OUTBOX = {
    "survey": "surveys.sending.mails.Invitations",
    "survey-reminder": "surveys.sending.mails.Reminders",
    "survey-test": "surveys.sending.test_mails.TestMails",
    "invitation": "staff.signing_in.mails.Invitations",
    "password-reset": "staff.signing_in.mails.Resets",
}
# The kinds of notices behind the bell (core/notices/kinds.py), in the order in which colleagues choose
NOTICES = {
    "assigned": "customers.described.assignments.Assigned",
    "task-assigned": "playbooks.notices.TasksAssigned",
    "mentioned": "desk.log.mentions.Mentioned",
    "unhappy-answer": "surveys.answering.notices.UnhappyAnswers",
    "import-ended": "imports.notices.ImportsEnded",
}
