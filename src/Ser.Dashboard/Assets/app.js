// The theme: what the reader has chosen, otherwise what the system wants. A cookie tells the server, so that the next page comes in the right colours.
(() => {
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    let watcher = null;
    const dark = () => {
        const chosen = localStorage.getItem("ser-theme");
        return chosen ? chosen === "dark" : system.matches;
    };
    const apply = () => {
        const now = dark();
        document.documentElement.dataset.theme = now ? "dark" : "light";
        document.cookie = `ser-dark=${now ? 1 : 0};path=/;max-age=31536000;samesite=lax`;
        return now;
    };
    const changed = () => {
        const now = apply();
        window.dispatchEvent(new CustomEvent("ser-theme"));
        watcher?.invokeMethodAsync("Themed", now);
    };
    system.addEventListener("change", changed);
    apply();
    window.ser = {
        watchTheme: (net) => {
            watcher = net;
            document.documentElement.toggleAttribute("data-live", net !== null); // from here on buttons do something
            return dark();
        },
        // A choice that is the system's own goes with the system from then on.
        chooseTheme: (wanted) => {
            if (wanted === system.matches) {
                localStorage.removeItem("ser-theme");
            } else {
                localStorage.setItem("ser-theme", wanted ? "dark" : "light");
            }
            apply();
            window.dispatchEvent(new CustomEvent("ser-theme"));
        },
        copy: (text) => navigator.clipboard?.writeText(text),
    };

    // A server that was started anew knows this page no more: the page begins again, with its whole view in its address. One that is away for long is asked for as long as the page is open.
    const AGAIN = 5000;
    const again = async () => {
        try {
            if (!(await window.Blazor.reconnect())) {
                location.reload();
            }
        } catch {
            setTimeout(again, AGAIN);
        }
    };
    document.addEventListener("components-reconnect-state-changed", (event) => {
        if (event.detail.state === "rejected" || event.detail.state === "resume-failed") {
            location.reload();
        } else if (event.detail.state === "failed") {
            setTimeout(again, AGAIN);
        }
    }, true);
})();
