"""Whatever generates text, behind one interface: :class:`scireasoner.models.backend.Backend`."""
