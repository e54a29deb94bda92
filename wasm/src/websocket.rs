//! The WebSocket transport, for browsers and edge runtimes: a server's bytes in binary messages, through a proxy
//! that makes TCP of them.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use js_sys::{Array, ArrayBuffer, Function, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, WebSocket};

/// More bytes than this that a socket has not sent yet are a reason to wait.
const BUFFERED: u32 = 1024 * 1024;

/// The code of a normal closure. See RFC 6455, section 7.4.1.
const NORMAL: u16 = 1000;

/// One WebSocket that carries a server's bytes.
///
/// Rust front ends `recv` from it; JavaScript is told of what comes by the functions that it gives to `listen`.
/// When it is dropped the socket is closed, and nothing of it stays behind.
#[wasm_bindgen]
#[derive(Debug)]
pub struct WebSocketTransport {
    socket: WebSocket,
    shared: Rc<RefCell<Shared>>,
    // Alive as long as the socket may call them.
    _handlers: Handlers,
}

#[derive(Debug)]
struct Handlers {
    _open: Closure<dyn FnMut(Event)>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(Event)>,
    _close: Closure<dyn FnMut(CloseEvent)>,
}

#[derive(Debug, Default)]
struct Shared {
    open: bool,
    /// Why it is closed, when it is; empty when both sides said goodbye.
    closed: Option<String>,
    /// What the error event said, which comes before the close event.
    error: Option<String>,
    inbox: VecDeque<Uint8Array>,
    listener: Option<Listener>,
    opened: Option<Function>,
    wakers: Vec<Waker>,
}

#[derive(Debug, Clone)]
struct Listener {
    data: Function,
    close: Function,
}

#[wasm_bindgen]
impl WebSocketTransport {
    /// Begins to connect to `url`, with the runtime's own `WebSocket` or with `constructor`.
    ///
    /// # Errors
    ///
    /// What the constructor throws, and a runtime that has no WebSocket when none was given.
    #[wasm_bindgen(constructor)]
    pub fn new(url: &str, constructor: Option<Function>) -> Result<Self, JsValue> {
        let constructor = match constructor {
            Some(constructor) => constructor,
            None => Reflect::get(&js_sys::global(), &"WebSocket".into())?.dyn_into::<Function>().map_err(
                |_| {
                    js_sys::Error::new(
                        "this runtime has no WebSocket: give a constructor as the option webSocket",
                    )
                },
            )?,
        };
        let socket =
            Reflect::construct(&constructor, &Array::of1(&url.into()))?.unchecked_into::<WebSocket>();
        socket.set_binary_type(BinaryType::Arraybuffer);
        let shared = Rc::new(RefCell::new(Shared::default()));
        let handlers = Handlers::attach(&socket, &shared);
        Ok(Self { socket, shared, _handlers: handlers })
    }

    /// Has `opened` called when the socket is open, with nothing, or with why it was closed instead.
    ///
    /// Rust awaits [`open`](Self::open); here a callback does without an executor in the wasm.
    #[wasm_bindgen(js_name = whenOpen)]
    pub fn when_open(&self, opened: Function) {
        let mut shared = self.shared.borrow_mut();
        match (&shared.closed, shared.open) {
            (None, false) => shared.opened = Some(opened),
            (closed, _) => {
                let why = closed.as_deref().map(JsValue::from_str);
                let _ = opened.call1(&JsValue::NULL, &why.unwrap_or(JsValue::UNDEFINED));
            }
        }
    }

    /// Has `data` called with every message, and `close` once with why the socket was closed.
    pub fn listen(&self, data: Function, close: Function) {
        let listener = Listener { data, close };
        let (waiting, closed) = {
            let mut shared = self.shared.borrow_mut();
            shared.listener = Some(listener.clone());
            (std::mem::take(&mut shared.inbox), shared.closed.clone())
        };
        for chunk in waiting {
            listener.data(&chunk);
        }
        if let Some(why) = closed {
            listener.close(&why);
        }
    }

    /// Sends bytes as one message, and tells whether more are welcome before those are on their way.
    pub fn send(&self, bytes: &Uint8Array) -> Result<bool, JsValue> {
        self.socket.send_with_js_u8_array(bytes)?;
        Ok(self.is_writable())
    }

    /// Whether few enough bytes wait in the socket; it tells nobody when that changes.
    #[wasm_bindgen(js_name = isWritable)]
    pub fn is_writable(&self) -> bool {
        self.socket.buffered_amount() < BUFFERED
    }

    /// Closes the socket when what was sent is on its way.
    pub fn close(&self) {
        // Fails only for codes that may not be sent.
        let _ = self.socket.close_with_code(NORMAL);
    }
}

impl WebSocketTransport {
    /// Waits until the socket is open, or tells why it was closed.
    pub fn open(&self) -> impl Future<Output = Result<(), String>> + use<> {
        let shared = self.shared.clone();
        poll_fn(move |context| {
            let mut shared = shared.borrow_mut();
            match &shared.closed {
                Some(why) => Poll::Ready(Err(why.clone())),
                None if shared.open => Poll::Ready(Ok(())),
                None => {
                    shared.wakers.push(context.waker().clone());
                    Poll::Pending
                }
            }
        })
    }

    /// Waits for the next message; `None` when the socket was closed in good order, else why it was closed.
    pub fn recv(&self) -> impl Future<Output = Result<Option<Vec<u8>>, String>> + use<> {
        let shared = self.shared.clone();
        poll_fn(move |context| {
            let mut shared = shared.borrow_mut();
            if let Some(chunk) = shared.inbox.pop_front() {
                return Poll::Ready(Ok(Some(chunk.to_vec())));
            }
            match &shared.closed {
                Some(why) if why.is_empty() => Poll::Ready(Ok(None)),
                Some(why) => Poll::Ready(Err(why.clone())),
                None => {
                    shared.wakers.push(context.waker().clone());
                    Poll::Pending
                }
            }
        })
    }
}

impl Drop for WebSocketTransport {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // An error of a socket that nobody listens to ends the process where sockets are Node's EventEmitters, and
        // one that is closed while it connects has one. Any function without effects listens well enough.
        let nothing = Reflect::get(&js_sys::global(), &"Boolean".into()).ok();
        self.socket.set_onerror(nothing.as_ref().and_then(JsCast::dyn_ref));
        self.close();
    }
}

impl Handlers {
    fn attach(socket: &WebSocket, shared: &Rc<RefCell<Shared>>) -> Self {
        let state = shared.clone();
        let open = Closure::<dyn FnMut(Event)>::new(move |_| {
            let opened = {
                let mut shared = state.borrow_mut();
                shared.open = true;
                shared.wake();
                shared.opened.take()
            };
            if let Some(opened) = opened {
                let _ = opened.call0(&JsValue::NULL);
            }
        });
        let (state, peer) = (shared.clone(), socket.clone());
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() else {
                state.borrow_mut().error = Some("the proxy sent text where only bytes can come".into());
                let _ = peer.close();
                return;
            };
            let chunk = Uint8Array::new(&buffer);
            let listener = {
                let mut shared = state.borrow_mut();
                if shared.listener.is_none() {
                    shared.inbox.push_back(chunk.clone());
                    shared.wake();
                }
                shared.listener.clone()
            };
            if let Some(listener) = listener {
                listener.data(&chunk);
            }
        });
        let state = shared.clone();
        let error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            // Browsers say nothing here, on purpose; other runtimes do.
            let message =
                Reflect::get(&event, &"message".into()).ok().and_then(|message| message.as_string());
            let mut shared = state.borrow_mut();
            shared.error = message.filter(|message| !message.is_empty());
            if !shared.open && shared.closed.is_none() {
                // There is not always a close event after it: Node 22 sends none.
                let why = shared.why(0, "");
                shared.end(why);
            }
        });
        let state = shared.clone();
        let close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            let mut shared = state.borrow_mut();
            if shared.closed.is_none() {
                let normal = event.was_clean() && event.code() == NORMAL && shared.error.is_none();
                let why = if normal { String::new() } else { shared.why(event.code(), &event.reason()) };
                shared.end(why);
            }
        });
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onerror(Some(error.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        Self { _open: open, _message: message, _error: error, _close: close }
    }
}

impl Shared {
    fn wake(&mut self) {
        self.wakers.drain(..).for_each(Waker::wake);
    }

    /// The socket is closed: whoever waits is told why, once this call is over.
    fn end(&mut self, why: String) {
        self.closed = Some(why.clone());
        self.wake();
        let (opened, listener) = (self.opened.take(), self.listener.clone());
        let why = JsValue::from_str(&why);
        for function in [opened, listener.map(|listener| listener.close)].into_iter().flatten() {
            // What it throws is its own business. It must not call back in here: js/src defers that.
            let _ = function.call1(&JsValue::NULL, &why);
        }
    }

    /// Why the socket was closed, in words.
    fn why(&mut self, code: u16, reason: &str) -> String {
        let mut why = if self.open {
            format!("the WebSocket was closed with code {code}")
        } else {
            "no WebSocket could be opened".to_owned()
        };
        let error = self.error.take();
        for part in [Some(reason), error.as_deref()].into_iter().flatten().filter(|part| !part.is_empty()) {
            why.push_str(": ");
            why.push_str(part);
        }
        why
    }
}

impl Listener {
    /// What a listener throws is its own business.
    fn data(&self, chunk: &Uint8Array) {
        let _ = self.data.call1(&JsValue::NULL, chunk);
    }

    fn close(&self, why: &str) {
        let _ = self.close.call1(&JsValue::NULL, &why.into());
    }
}
