import CMalloc

/// What the allocator of the system, malloc, keeps of memory that was freed.
///
/// Left to itself it gives each of many threads an arena, whose free blocks are of no use to the others, and takes larger and
/// larger blocks from there once one of their size has been freed. So an exporter that thousands of connections had sent
/// bodies to had 153 MiB resident, and with these settings 112 (`Scripts/attack`); at rest they leave it 0.5 MiB less, and
/// cost no time that could be measured. Source of their meaning: mallopt(3).
enum FreedMemory {
    /// Call it before there is a second thread.
    static func bound() {
        _ = mallopt(M_ARENA_MAX, 2)
        // In bytes; each also keeps malloc from raising the other, as it does by default.
        _ = mallopt(M_MMAP_THRESHOLD, 64 * 1024)
        _ = mallopt(M_TRIM_THRESHOLD, 128 * 1024)
    }
}
