package import NIOCore

// WHY NOTHING IS ASKED TWICE
//
// A connection that ends before any byte of the answer says nothing about what became of the request: a model may have
// worked on it, and been paid for it. Asking again would count that work twice, and hide the failure behind the success
// that follows. So what has gone out is never sent again, and its failure is that of the service.
//
// A service that closes a connection because nothing came over it must not seem to fail. So a connection that has lain
// idle for longer than any service is sure to wait is not used again, and a fresh one is made before the duration begins.

/// When a connection that has served an exchange may serve another one.
package enum ConnectionReuse {
    /// After this long without an exchange a connection is given up.
    ///
    /// Less than the time after which any usual service closes one: gunicorn 2 s, uvicorn, Node and Apache 5 s, nginx 75 s.
    package static let idleLimit = TimeAmount.seconds(1)
}
