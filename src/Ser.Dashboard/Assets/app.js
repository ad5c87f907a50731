// The theme is the one that the user has chosen, otherwise that of the system. A cookie tells the server, so that the next page is
// prerendered in the right colours.
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
            document.documentElement.toggleAttribute("data-live", net !== null); // the circuit is connected: buttons work now
            return dark();
        },
        // Choosing the theme of the system means following the system from then on.
        chooseTheme: (darkChosen) => {
            if (darkChosen === system.matches) {
                localStorage.removeItem("ser-theme");
            } else {
                localStorage.setItem("ser-theme", darkChosen ? "dark" : "light");
            }
            apply();
            window.dispatchEvent(new CustomEvent("ser-theme"));
        },
        copy: (text) => navigator.clipboard?.writeText(text),
    };

    // A restarted server no longer has the circuit of this page, so the page reloads; its whole view is in its address.
    // While the server cannot be reached, the page tries to reconnect for as long as it is open.
    const RETRY_MS = 5000;
    const reconnect = async () => {
        try {
            if (!(await window.Blazor.reconnect())) {
                location.reload();
            }
        } catch {
            setTimeout(reconnect, RETRY_MS);
        }
    };
    document.addEventListener("components-reconnect-state-changed", (event) => {
        if (event.detail.state === "rejected" || event.detail.state === "resume-failed") {
            location.reload();
        } else if (event.detail.state === "failed") {
            setTimeout(reconnect, RETRY_MS);
        }
    }, true);
})();
