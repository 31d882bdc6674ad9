"""GLSL that the stage's programs share: noise, sky and shadow, how each material takes light."""

HEAD = "#version 330\n"

NOISE = """
float hash(vec2 p) { p = fract(p * vec2(123.34, 345.45)); p += dot(p, p + 34.345); return fract(p.x * p.y); }
float vnoise(vec2 p) {
    vec2 i = floor(p), f = fract(p);
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1, 0)), f.x), mix(hash(i + vec2(0, 1)), hash(i + vec2(1, 1)), f.x), f.y);
}
float fbm(vec2 p) {
    float sum = 0.0, gain = 0.5;
    for (int i = 0; i < 5; i++) { sum += gain * vnoise(p); p = p * 2.03 + 17.1; gain *= 0.5; }
    return sum;
}
"""

LIGHT = """
uniform vec3 sun_dir;
uniform vec3 sun_colour;
uniform vec3 sky_colour;
uniform vec3 bounce_colour;
uniform vec3 eye;
uniform float overcast;      // 0 a clear sky .. 1 a closed grey one
uniform vec3 sky_glow;       // the town's light, or dusk, on the haze near the horizon
uniform float fog_m;
uniform int lamps;
uniform vec4 lamp_at[24];    // place and strength of the nearest street lamps
uniform vec3 lamp_colour[24];
uniform vec4 infrared;       // the camera's own lamp: the way it looks and its strength
vec3 linear(vec3 c) { return pow(c, vec3(2.2)); }
vec3 sky(vec3 dir) {
    float up = max(dir.z, 0.0);
    float bright = length(sky_colour) * 1.15;
    vec3 clear = mix(vec3(0.80, 0.83, 0.86), vec3(0.36, 0.52, 0.78), pow(up, 0.45)) * bright;
    float glow = pow(max(dot(dir, sun_dir), 0.0), 12.0);
    vec2 plane = dir.xy / (up + 0.12);
    float cloud = fbm(plane * 1.3 + 3.0);
    float white = smoothstep(0.45, 0.85, cloud) * 0.55 * smoothstep(0.0, 0.15, up);
    clear = mix(clear, vec3(1.0, 0.98, 0.95) * bright * 1.04, white) + sun_colour * glow * 0.18;
    vec3 grey = vec3(0.74, 0.77, 0.80) * bright * (0.80 + 0.35 * cloud);
    return mix(clear, grey, overcast) + sky_glow * pow(1.0 - up, 4.0);
}
// What the street lamps and the camera's own infrared lamp throw on a surface; `shine` gets the glints on wet ground.
vec3 lamplight(vec3 at, vec3 n, vec3 mirrored, out vec3 shine) {
    vec3 sum = vec3(0.0);
    shine = vec3(0.0);
    for (int i = 0; i < lamps; i++) {
        vec3 to = lamp_at[i].xyz - at;
        float d2 = dot(to, to);
        vec3 l = to * inversesqrt(max(d2, 1e-4));
        float down = max(l.z, 0.0);
        vec3 falls = lamp_colour[i] * lamp_at[i].w * (0.08 + 0.92 * down) / (d2 + 26.0);
        sum += falls * (0.22 + 0.78 * max(dot(n, l), 0.0));
        shine += lamp_colour[i] * lamp_at[i].w * pow(max(dot(mirrored, l), 0.0), 110.0) * 0.012;
    }
    vec3 back = eye - at;
    float d2 = dot(back, back);
    vec3 l = back * inversesqrt(max(d2, 1e-4));
    sum += infrared.w * pow(max(dot(-l, infrared.xyz), 0.0), 3.0) * (0.25 + 0.75 * max(dot(n, l), 0.0)) / (d2 + 60.0);
    return sum;
}
float shade(sampler2DShadow map, mat4 to_map, vec3 p, float size, float bias) {
    vec4 q = to_map * vec4(p, 1.0);
    vec3 c = q.xyz * 0.5 + 0.5;
    if (any(lessThan(c, vec3(0.0))) || any(greaterThan(c, vec3(1.0)))) return 1.0;
    float sum = 0.0;
    for (int x = -1; x <= 1; x++) for (int y = -1; y <= 1; y++)
        sum += texture(map, vec3(c.xy + vec2(x, y) / size, c.z - bias));
    return sum / 9.0;
}
"""

# Leaves are quads whose corners are cut away; the cut must be the same in the picture and in its shadow.
LEAF_CUT = """
bool leaf_gap(vec2 uv, float seed) {
    vec2 q = uv * 4.0 + seed * 17.0;
    vec2 cell = floor(q), inside = fract(q) - 0.5;
    vec2 shift = (vec2(hash(cell), hash(cell + 9.0)) - 0.5) * 0.5;
    float turn = hash(cell + 3.0) * 6.28;
    vec2 r = mat2(cos(turn), -sin(turn), sin(turn), cos(turn)) * (inside - shift);
    bool leaf = length(r * vec2(1.0, 1.9)) < 0.40;
    return !leaf || length(uv - 0.5) > 0.5;
}
"""

STILL_INPUTS = """
uniform sampler2D ground_near; uniform sampler2D ground_far; uniform vec4 ground_box_near; uniform vec4 ground_box_far;
uniform sampler2D atlas;
uniform sampler2DShadow shadow_near; uniform sampler2DShadow shadow_far;
uniform mat4 to_shadow_near; uniform mat4 to_shadow_far;
vec4 ground_at(vec2 p) {
    vec2 n = (p - ground_box_near.xy) / ground_box_near.zw, f = (p - ground_box_far.xy) / ground_box_far.zw;
    vec2 edge = min(n, 1.0 - n);
    vec4 g = min(edge.x, edge.y) > 0.0 ? texture(ground_near, n) : texture(ground_far, f);
    float grain = fbm(p * 9.0), stain = fbm(p * 0.35 + 5.0);
    g.rgb *= (0.93 + 0.12 * grain) * (0.93 + 0.13 * stain);
    return g;
}
float static_sun(vec3 at, vec3 n) {
    vec3 p = at + n * 0.05;
    vec3 c = (to_shadow_near * vec4(p, 1.0)).xyz;
    if (max(abs(c.x), abs(c.y)) < 0.98) return shade(shadow_near, to_shadow_near, p, 3000.0, 0.00025);
    return shade(shadow_far, to_shadow_far, p, 3000.0, 0.0008);
}
"""

MATERIALS = """
uniform float lit_windows; uniform float window_glow; uniform float open_shops; uniform float front_glow;
uniform float sign_gain; uniform float lamps_on; uniform float wet;
struct Surface { vec3 albedo; vec3 normal; vec3 glow; float mirror; float occlusion; float wet; };

float line_fade(float metres) { return 1.0 - smoothstep(0.15, 0.6, metres); }

vec3 masonry_colour(vec2 m, vec3 base, float seed) {
    float kind = fract(seed * 7.13);
    vec2 size = kind < 0.45 ? vec2(0.21, 0.075) : vec2(0.6, 0.3);
    vec2 q = m / size;
    q.x += 0.5 * mod(floor(q.y), 2.0) * step(kind, 0.45);
    vec2 e = abs(fract(q) - 0.5);
    float fade = line_fade(length(fwidth(q)) * 0.5);
    float mortar = smoothstep(0.40, 0.49, max(e.x, e.y));
    vec3 c = base * (0.9 + 0.22 * hash(floor(q) + seed) * fade);
    return mix(c, base * 0.72 + 0.06, mortar * 0.55 * fade);
}

Surface masonry(vec2 m, vec3 base, vec3 n, float seed, vec2 params, vec3 dir) {
    Surface s = Surface(masonry_colour(m, base, seed), n, vec3(0), 0.0, 1.0, 0.0);
    float streak = fbm(vec2(m.x * 1.7 + seed * 31.0, m.y * 0.14));
    s.albedo *= 0.82 + 0.30 * streak;
    s.albedo *= 0.86 + 0.14 * smoothstep(0.0, 1.6, m.y);
    vec2 cell = vec2(m.x / params.x, m.y / params.y);
    vec2 id = floor(cell), f = fract(cell);
    float style = fract(seed * 3.71);
    vec4 w = style < 0.4 ? vec4(0.22, 0.30, 0.78, 0.80) : style < 0.75 ? vec4(0.14, 0.26, 0.86, 0.82) : vec4(0.06, 0.34, 0.94, 0.84);
    float blank = step(hash(id + seed * 13.0), style < 0.75 ? 0.10 : 0.0);
    vec2 lo = (f - w.xy) * params, hi = (w.zw - f) * params;
    float inside = min(min(lo.x, lo.y), min(hi.x, hi.y));
    if (blank > 0.5) return s;
    if (inside < 0.0) {
        float sill = step(-0.12, lo.y) * step(lo.y, 0.0) * step(-0.08, min(lo.x, hi.x));
        s.albedo = mix(s.albedo, vec3(0.50), sill * 0.8);
        float drip = step(lo.y, -0.12) * step(-0.9, lo.y) * step(0.0, min(lo.x, hi.x));
        s.albedo *= 1.0 - 0.14 * drip * fbm(vec2(m.x * 6.0, m.y * 0.3));
        return s;
    }
    float mullion = abs(fract((f.x - w.x) / (w.z - w.x) * 2.0) - 0.5);
    bool frame = inside < 0.06 || abs(mullion - 0.5) * params.x * 0.5 * (w.z - w.x) < 0.035;
    float reveal = smoothstep(0.0, 0.28, hi.y) * smoothstep(0.0, 0.12, lo.x);
    if (frame) { s.albedo = vec3(0.62, 0.63, 0.62) * (0.55 + 0.45 * reveal); return s; }
    float room = hash(id * 1.7 + seed * 5.0);
    vec3 curtain = mix(vec3(0.10, 0.11, 0.12), vec3(0.46, 0.44, 0.38), smoothstep(0.45, 0.5, room) * (0.7 + 0.3 * hash(vec2(floor(m.x * 14.0), id.y))));
    s.albedo = linear(curtain) * (0.35 + 0.65 * reveal);
    s.mirror = 0.35 + 0.5 * pow(1.0 - abs(dot(dir, n)), 3.0);
    float awake = hash(id * 3.1 + seed * 9.0);
    if (awake < lit_windows) s.glow = mix(vec3(1.0, 0.80, 0.52), vec3(0.88, 0.95, 1.0), step(0.6, fract(awake * 71.0)))
        * linear(curtain + 0.25) * window_glow * (0.6 + 0.8 * fract(awake * 37.0));
    s.occlusion = 0.5 + 0.5 * reveal;
    return s;
}

Surface curtain_wall(vec2 m, vec3 base, vec3 n, float seed, vec2 params, vec3 dir) {
    vec2 cell = vec2(m.x / 1.25, m.y / params.y);
    vec2 f = fract(cell), id = floor(cell);
    bool spandrel = f.y < 0.24;
    bool frame = min(f.x, 1.0 - f.x) * 1.25 < 0.04 || abs(f.y - 0.24) * params.y < 0.04 || f.y * params.y < 0.05;
    vec3 tint = base * (spandrel ? 0.55 : 0.20) * (0.85 + 0.3 * hash(id + seed));
    Surface s = Surface(frame ? vec3(0.25) : tint, n, vec3(0), frame ? 0.0 : 0.45 + 0.45 * pow(1.0 - abs(dot(dir, n)), 3.0), 1.0, 0.0);
    if (!spandrel && !frame && hash(id * 2.3 + seed) < lit_windows * 1.5) s.glow = vec3(0.9, 0.95, 1.0) * window_glow * 0.45 * (0.4 + 0.6 * f.y);
    return s;
}

// Which shop of the atlas a texture coordinate shows (signs.py), so that its front and its boards are lit together.
float shop_of(vec2 uv) {
    float y = uv.y * 2048.0, per_row = y < 1024.0 ? 8.0 : y < 1280.0 ? 32.0 : 6.4;
    float top = y < 800.0 ? 0.0 : y < 1024.0 ? 800.0 : y < 1280.0 ? 1024.0 : 1280.0;
    float tall = y < 800.0 ? 384.0 : y < 1024.0 ? 96.0 : y < 1280.0 ? 224.0 : 96.0;
    return floor(uv.x * per_row) + per_row * floor((y - top) / tall) + (y < 1280.0 ? 0.0 : 100.0);
}

Surface surface(vec3 at, vec3 n, vec2 uv, vec3 colour, vec4 material, vec3 dir) {
    int kind = int(material.x + 0.5);
    vec3 base = linear(colour);
    Surface s = Surface(base, n, vec3(0), 0.0, 1.0, 0.0);
    if (kind == 1) {
        vec4 g = ground_at(at.xy);
        float water = wet * smoothstep(0.30, 0.62, fbm(at.xy * 0.55 + 7.0));
        s.albedo = linear(g.rgb) * (1.0 - 0.42 * wet - 0.20 * water);
        s.occlusion = g.a;
        s.wet = wet * 0.35 + 0.65 * water;
    } else if (kind == 2) return masonry(uv, base, n, material.y, material.zw, dir);
    else if (kind == 3) return curtain_wall(uv, base, n, material.y, material.zw, dir);
    else if (kind == 4 || kind == 10) {
        vec4 t = texture(atlas, uv);
        s.albedo = linear(t.rgb) * base;
        s.mirror = (1.0 - t.a) * 0.5;
        float open = step(hash(vec2(shop_of(uv), 3.7)), open_shops);
        s.glow = s.albedo * (kind == 10 ? material.z * sign_gain : front_glow) * open;
        if (kind == 4) s.albedo *= 1.0 - 0.6 * (1.0 - open);
    } else if (kind == 5) {
        s.normal = normalize(n);
        s.albedo = base * (0.65 + 0.7 * hash(floor(uv * 4.0) + material.y));
        s.occlusion = material.z;
    } else if (kind == 6) {
        s.mirror = 0.18 + 0.7 * pow(1.0 - abs(dot(dir, n)), 4.0);
    } else if (kind == 11) {
        s.glow = base * lamps_on * (material.z > 0.0 ? material.z : 4.0);
        s.mirror = 0.12;
    } else if (kind == 7) s.mirror = 0.05 + 0.45 * pow(1.0 - abs(dot(dir, n)), 4.0);
    else if (kind == 8) s.glow = base * material.z;
    else if (kind == 9) s.albedo = base * (0.92 + 0.16 * hash(floor(at.xy * 60.0) + floor(at.z * 60.0)));
    else s.albedo = base * (0.93 + 0.14 * fbm(at.xy * 1.9 + at.z * 2.3));
    return s;
}

void lit(Surface s, vec3 at, vec3 dir, float sun, out vec3 ambient, out vec3 sunlit) {
    vec3 glints;
    float facing = max(dot(s.normal, sun_dir), 0.0);
    vec3 hemi = mix(bounce_colour, sky_colour, 0.5 + 0.5 * s.normal.z);
    vec3 mirrored = reflect(dir, s.normal);
    vec3 seen = sky(vec3(mirrored.xy, abs(mirrored.z))) * smoothstep(-0.25, 0.35, mirrored.z) + vec3(0.05) * length(sky_colour);
    vec3 lamplit = lamplight(at, s.normal, mirrored, glints);
    ambient = s.albedo * (hemi * s.occlusion + lamplit) * (1.0 - s.mirror) + seen * s.mirror * s.occlusion + s.glow + glints * s.wet;
    float shine = pow(max(dot(mirrored, sun_dir), 0.0), 60.0) * s.mirror * 3.0;
    sunlit = sun_colour * sun * (s.albedo * facing * (1.0 - s.mirror) + shine * 0.6);
}

float haze(vec3 at) { return 1.0 - exp(-max(distance(at, eye) - 15.0, 0.0) / fog_m); }
"""
