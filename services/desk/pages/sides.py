"""The pages of each side of the desk, of which a process serves those that its settings name."""

from services.desk.pages import (
    account,
    audit,
    board,
    calendar,
    center_file,
    citizen,
    clerk,
    leader,
    liaison,
    overview,
    parked,
    progress,
    registering,
    roster,
    sittings,
    stream,
    tickets,
)

PAGES = {
    "staff": (
        account.pages,
        audit.pages,
        board.pages,
        calendar.pages,
        center_file.pages,
        clerk.pages,
        progress.pages,
        leader.pages,
        liaison.pages,
        overview.pages,
        parked.pages,
        registering.pages,
        roster.pages,
        sittings.pages,
        stream.pages,
        tickets.pages,
    ),
    "citizen": (citizen.pages,),
}
