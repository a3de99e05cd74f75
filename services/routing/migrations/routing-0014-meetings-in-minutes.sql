-- What is decided about joint meetings stands in the minutes of a sitting too.

-- depends: routing-0006-meetings routing-0011-sittings

DROP INDEX timeline_of_decisions;
CREATE INDEX timeline_of_decisions ON timeline (center, at) WHERE what IN (
    'arbitration.decided', 'ticket.reclassified', 'extension.granted', 'extension.refused',
    'meeting.called', 'meeting.moved', 'meeting.cancelled', 'meeting.held'
);
