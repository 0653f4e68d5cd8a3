import Testing

@testable import DemoService

@Suite
struct ShelfTests {
    @Test("one thing too many drops what was written longest ago")
    func capacity() {
        var shelf = Shelf<Int, String>(capacity: 2)
        shelf.put("a", under: 1)
        shelf.put("b", under: 2)
        shelf.put("A", under: 1)
        shelf.put("c", under: 3)
        #expect(shelf.items.map(\.key) == [1, 3])
        #expect(shelf[1] == "A" && shelf[2] == nil)
    }

    @Test("what is too heavy drops as much as it takes, but not itself")
    func weight() {
        var shelf = Shelf<Int, String>(capacity: 10, weightLimit: 10)
        shelf.put("a", under: 1, weight: 4)
        shelf.put("b", under: 2, weight: 4)
        shelf.put("c", under: 3, weight: 2)
        #expect(shelf.count == 3)
        shelf.put("d", under: 4, weight: 6)
        #expect(shelf.items.map(\.key) == [3, 4])
        shelf.put("e", under: 5, weight: 11)
        #expect(shelf.items.map(\.key) == [5])
    }

    @Test("what was removed or replaced weighs nothing")
    func removal() {
        var shelf = Shelf<Int, String>(capacity: 10, weightLimit: 10)
        shelf.put("a", under: 1, weight: 9)
        shelf.put("a", under: 1, weight: 5)
        shelf.put("b", under: 2, weight: 5)
        #expect(shelf.count == 2)
        #expect(shelf.remove(1) && !shelf.remove(1))
        shelf.put("c", under: 3, weight: 5)
        #expect(shelf.items.map(\.item) == ["b", "c"])
    }
}
