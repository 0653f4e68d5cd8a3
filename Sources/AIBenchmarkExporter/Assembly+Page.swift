import SnapshotStore

extension Assembly {
    /// What the pages show of the past, which goes on from what the store remembers of it.
    func makePageMemory(
        board: AlertBoard,
        writer: SnapshotWriter<ContinuousClock>?,
        restored: RestoredState?
    ) -> PageMemory {
        PageMemory(
            board: board,
            alerts: FiredAlerts(restored?.documents[FiredAlerts.documentName], board: board) { document in
                await writer?.commit(document: document, named: FiredAlerts.documentName)
            },
            startedAt: WallClock.now
        )
    }
}
