/// What the service keeps: so many things of so many bytes at most, for whoever writes more drops what was written
/// longest ago.
struct Shelf<Key: Hashable & Sendable, Item: Sendable>: Sendable {
    private struct Place {
        var item: Item
        var weight: Int
        /// Higher where it was written later.
        var turn: UInt64
    }

    private let capacity: Int
    private let weightLimit: Int
    private var places: [Key: Place] = [:]
    private var weight = 0
    private var turns: UInt64 = 0

    /// `capacity` is how many things fit, `weightLimit` how many bytes they may have together; one always fits.
    init(capacity: Int, weightLimit: Int = .max) {
        self.capacity = capacity
        self.weightLimit = weightLimit
    }

    var count: Int { places.count }

    /// All of it, what was written longest ago first.
    var items: [(key: Key, item: Item)] {
        places.sorted { $0.value.turn < $1.value.turn }.map { ($0.key, $0.value.item) }
    }

    subscript(key: Key) -> Item? { places[key]?.item }

    /// Puts it there, or in the place of what has the key already; `weight` is in bytes.
    mutating func put(_ item: Item, under key: Key, weight itemWeight: Int = 0) {
        remove(key)
        turns += 1
        places[key] = Place(item: item, weight: itemWeight, turn: turns)
        weight += itemWeight
        while places.count > 1, places.count > capacity || weight > weightLimit,
            let oldest = places.min(by: { $0.value.turn < $1.value.turn })
        {
            remove(oldest.key)
        }
    }

    /// Whether there was something.
    @discardableResult
    mutating func remove(_ key: Key) -> Bool {
        guard let place = places.removeValue(forKey: key) else { return false }
        weight -= place.weight
        return true
    }
}
