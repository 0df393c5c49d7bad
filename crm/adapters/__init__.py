"""The outside world: clocks, mail servers, mailboxes, files on disk. Only the app imports these."""
