// The search runs in a Worker, which browsers refuse to pages that are opened as files. There, a hidden frame takes its
// place: the same script, the same messages, the same thread.
if (location.protocol === "file:") {
  window.IFrameWorker = class extends EventTarget {
    constructor(url) {
      super()
      this.waiting = []
      this.frame = Object.assign(document.createElement("iframe"), { hidden: true, srcdoc: "<!doctype html>" })
      this.frame.onload = () => this.start(url)
      document.body.append(this.frame)
    }

    start(url) {
      const inside = this.frame.contentWindow
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }))
      inside.importScripts = (...urls) => Promise.all(urls.map((url) => this.load(url)))
      this.load(url).then(() => {
        this.tell = (data) => inside.dispatchEvent(new inside.MessageEvent("message", { data }))
        this.waiting.forEach(this.tell)
      })
    }

    load(url) {
      const page = this.frame.contentDocument
      return new Promise((onload, onerror) =>
        page.body.append(Object.assign(page.createElement("script"), { src: url, async: false, onload, onerror })))
    }

    postMessage(data) {
      this.tell ? this.tell(data) : this.waiting.push(data)
    }
  }
  window.Worker = window.IFrameWorker
}
