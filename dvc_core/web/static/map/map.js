// What every map of ours shares in the browser: the base map, how a point is drawn, and how a tap comes back.
// The page sends plain points; texts of users are set as text, never as HTML.
(function () {
  "use strict";
  const tasuki = (window.tasuki = { chosen: null, placing: false, pin: null });

  const escape = (text) =>
    String(text).replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);

  // ---- the base map -------------------------------------------------------------------------------------------

  const PANES = { land: 200, lines: 210, names: 350 };

  tasuki.base = function (map, options) {
    tasuki.map = map;
    for (const [name, depth] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.style.zIndex = depth;
      pane.style.pointerEvents = "none";
    }
    map.attributionControl.setPrefix(false).addAttribution(escape(options.attribution));
    L.control.scale({ imperial: false, maxWidth: 120, position: "topright" }).addTo(map);
    map.on("click", place);
    frame(map, options.box);
    map.setMaxBounds(bounds(options.limits).pad(0.5));
    tasuki.ready = fetch(options.url)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
      .then((data) => draw(map, data, options))
      .catch((fault) => map.attributionControl.addAttribution(escape(`${options.missing} (${fault.message})`)));
  };

  const bounds = ([west, south, east, north]) => L.latLngBounds([south, west], [north, east]);

  // A map in a hidden tab has no size yet or a wrong one: it is framed anew until somebody takes hold of it.
  function frame(map, box) {
    let held = false;
    for (const hold of ["pointerdown", "wheel", "keydown"])
      map.getContainer().addEventListener(hold, () => (held = true), { passive: true, once: true });
    new ResizeObserver(() => {
      map.invalidateSize({ animate: false });
      if (!held && map.getContainer().clientWidth > 0)
        map.fitBounds(bounds(box), { padding: [6, 6], animate: false });
    }).observe(map.getContainer());
  }

  function draw(map, data, options) {
    const own = options.city;
    const land = L.canvas({ pane: "land", padding: 0.5 });
    const lines = L.canvas({ pane: "lines", padding: 0.5 });
    const shape = (features, renderer, style) =>
      L.geoJSON(features, { interactive: false, renderer, style }).addTo(map);
    shape(data.cities, land, (city) => ({
      color: "#7d8590", weight: 1.5, fillOpacity: 1,
      fillColor: city.properties.city_code === own ? data.ground : "#ebe7de",
    }));
    shape(data.towns, lines, () => ({ color: "#a79f8f", weight: 1, dashArray: "4 3", fill: false }));
    const rail = shape(data.railways, lines, () => ({ color: "#6b7280" }));
    const ties = shape(data.railways, lines, () => ({ color: "#ffffff", dashArray: "7 7" }));
    shape(
      data.cities.filter((city) => city.properties.city_code === own), lines,
      () => ({ color: "#3f4752", weight: 2.5, fill: false }),
    );
    const names = L.layerGroup().addTo(map);
    const write = () => {
      const near = map.getZoom() >= 13;
      rail.setStyle({ weight: near ? 4 : 2 });
      ties.setStyle({ weight: near ? 2 : 1 });
      writeNames(map, names, data, options);
    };
    map.on("moveend", write);
    write();
  }

  // Size of the letters and where a name may stand: beside its point for a station, else on it or a little off.
  const NAMES = {
    city: { letter: 18, offsets: [0, 20, -20, 40] },
    machi: { letter: 14, offsets: [0, -15, 15, 28] },
    town: { letter: 13, offsets: [0, -14, 14] },
    station: { letter: 12, offsets: [12, -12] },
  };

  function writeNames(map, layer, data, { city: own, names: cities }) {
    const zoom = map.getZoom();
    const view = map.getBounds().pad(0.1);
    const taken = [];
    layer.clearLayers();
    const write = (name, latlng, kind, offset) => {
      const box = document.createElement("span");
      box.textContent = name;
      box.style.top = `${offset}px`;
      const icon = L.divIcon({ className: `tasuki-name tasuki-${kind}`, html: box, iconSize: null });
      L.marker(latlng, { icon, pane: "names", interactive: false, keyboard: false }).addTo(layer);
    };
    const put = (list, kind) => {
      const { letter, offsets } = NAMES[kind];
      for (const [name, lat, lng] of list) {
        if (!view.contains([lat, lng])) continue;
        const { x, y } = map.latLngToContainerPoint([lat, lng]);
        const half = (name.length * letter) / 2;
        const free = offsets.find((offset) =>
          taken.every((box) => Math.abs(box.x - x) > box.half + half || Math.abs(box.y - y - offset) > 15));
        if (free === undefined) continue;
        taken.push({ x, y: y + free, half });
        write(name, [lat, lng], kind, free);
      }
    };
    if (zoom >= 13) {
      for (const [, lat, lng] of data.stations) if (view.contains([lat, lng])) write("", [lat, lng], "stop", 0);
      put(data.stations, "station");
    }
    if (zoom >= 13 && zoom < 15) put(data.machi_names.filter((town) => town[3] === own), "machi");
    if (zoom >= 15) put(data.town_names, "town");
    if (zoom < 14 && cities) put(data.city_names.filter((city) => zoom < 13 || city[3] !== own), "city");
  }

  // ---- points -------------------------------------------------------------------------------------------------

  // What the page asks of this run: `looks` holds each symbol once, `points` are [id, look, label, lat, lng]; then
  // whether a tap beside them means a place, and which point the page speaks of.
  tasuki.run = function (group, looks, points, wishes) {
    const draw = (wanted) =>
      L.geoJSON(points.filter((point) => wanted(looks[point[1]].kind)).map(feature), {
        pointToLayer: (point, latlng) => marker(point, latlng, looks[point.properties.look]),
        onEachFeature: each(looks),
      });
    const needs = L.markerClusterGroup({
      iconCreateFunction: (cluster) => clusterIcon(cluster, looks),
      disableClusteringAtZoom: CLOSE, maxClusterRadius: 30, showCoverageOnHover: false, animate: false,
    });
    needs.addLayer(draw((kind) => kind === "need"));
    group.addLayer(needs).addLayer(draw((kind) => kind !== "need"));
    tasuki.placing = wishes.placing;
    tasuki.map.getContainer().classList.toggle("tasuki-placing", wishes.placing);
    if (wishes.chosen) tasuki.chosen = wishes.chosen;
    if (!wishes.placing && tasuki.pin) {
      tasuki.pin.remove();
      tasuki.pin = null;
    }
  };

  // From this zoom on every point stands alone: those of one town are laid out around its point.
  const CLOSE = 17;

  const feature = ([id, look, label, lat, lng]) => ({
    type: "Feature", properties: { id, look, label }, geometry: { type: "Point", coordinates: [lng, lat] },
  });

  function marker(point, latlng, look) {
    const box = document.createElement("div");
    box.innerHTML = look.svg;
    if (look.kind !== "need") {
      const caption = document.createElement("span");
      caption.textContent = point.properties.label;
      box.append(caption);
    }
    const icon = L.divIcon({
      className: `tasuki-point tasuki-${look.kind}`, html: box,
      iconSize: [look.size, look.size], iconAnchor: [look.size / 2, look.size * look.foot],
    });
    return L.marker(latlng, { icon, zIndexOffset: look.rank * 1000, riseOnHover: true });
  }

  const each = (looks) => (point, layer) => {
    const { id, label, look } = point.properties;
    const words = `${label} ${looks[look].words}`;
    point.properties.kind = looks[look].kind;
    layer.bindTooltip(escape(words), { direction: "top", offset: [0, -looks[look].size * looks[look].foot] });
    layer.on("add", () => {
      layer.getElement().setAttribute("aria-label", words);
      layer.getElement().dataset.id = id;
      mark(layer);
    });
    layer.on("click", () => {
      stamp(point);
      choose(id);
    });
  };

  // A second tap on the same point is a new answer, and the page acts on a change only. A new object each time:
  // the frame compares with the one that it sent before.
  function stamp(feature) {
    feature.properties = { ...feature.properties, tap: Date.now() };
  }

  const mark = (layer) =>
    layer.getElement()?.classList.toggle("tasuki-chosen", layer.feature.properties.id === tasuki.chosen);

  function choose(id) {
    tasuki.chosen = id;
    tasuki.map.eachLayer((layer) => layer instanceof L.Marker && layer.feature?.properties.id && mark(layer));
  }

  function clusterIcon(cluster, looks) {
    const inside = cluster.getAllChildMarkers().map((child) => looks[child.feature.properties.look]);
    const box = document.createElement("div");
    box.textContent = inside.length;
    const grades = ["tasuki-cluster"];
    if (inside.some((look) => look.urgent)) grades.push("tasuki-has-urgent");
    if (inside.some((look) => look.red)) grades.push("tasuki-has-red");
    const side = inside.length < 10 ? 32 : inside.length < 100 ? 38 : 44;
    return L.divIcon({ className: grades.join(" "), html: box, iconSize: [side, side] });
  }

  // ---- correcting a place -------------------------------------------------------------------------------------

  function place(event) {
    if (!tasuki.placing) return;
    if (!tasuki.pin) {
      const icon = L.divIcon({ className: "tasuki-pin", html: "", iconSize: [34, 34], iconAnchor: [17, 17] });
      tasuki.pin = L.marker(event.latlng, { icon, draggable: true, zIndexOffset: 9000 }).addTo(tasuki.map);
      tasuki.pin.feature = { type: "Feature", properties: { kind: "place" } };
      tasuki.pin.on("dragend", tell);
    }
    tasuki.pin.setLatLng(event.latlng);
    tell();
  }

  // The frame around the map reports drawings by this event: the one road for a point that is not a feature.
  function tell() {
    stamp(tasuki.pin.feature);
    tasuki.map.fire("draw:created", { layerType: "marker", layer: tasuki.pin, latlng: tasuki.pin.getLatLng() });
  }
})();
