"""What arrives over HTTP, a module for each of the desks it comes from; `service.py` puts them into the service."""

from schemas.enums import Role

LIAISONS = {Role.LIAISON}
CLERKS = {Role.CLERK, Role.DUTY_LEADER}
LEADERS = {Role.DUTY_LEADER, Role.DIRECTOR}
CENTER = {Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR}
ANYBODY = LIAISONS | CENTER | {Role.DEPARTMENT_HEAD, Role.SUPERVISOR}
TICKET = "/tickets/<uuid:ticket_id>"
