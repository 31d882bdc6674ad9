"""GLSL of the stage.

The still world is drawn once per camera into a light buffer: `ambient` (sky light, lamps, haze), `sunlit` (what the sun
adds where nothing stands in its way), `place` (where the pixel is; beyond 1 in w how wet it is) and `colour` (what a light
that moves finds there). A frame draws only what moves, over the still world's depth, and darkens `sunlit` where a moving
thing casts its shadow.
"""

from smartcity_console.drill.stage.glsl import HEAD, LEAF_CUT, LIGHT, MATERIALS, NOISE, STILL_INPUTS

STILL_VERTEX = (
    HEAD
    + """
uniform mat4 to_clip;
in vec3 in_position; in vec3 in_normal; in vec2 in_uv; in vec3 in_colour; in vec4 in_material;
out vec3 at; out vec3 normal; out vec2 uv; flat out vec3 colour; flat out vec4 material;
void main() {
    at = in_position; normal = in_normal; uv = in_uv; colour = in_colour; material = in_material;
    gl_Position = to_clip * vec4(in_position, 1.0);
}
"""
)

STILL_FRAGMENT = (
    HEAD
    + NOISE
    + LIGHT
    + LEAF_CUT
    + STILL_INPUTS
    + MATERIALS
    + """
in vec3 at; in vec3 normal; in vec2 uv; flat in vec3 colour; flat in vec4 material;
layout(location = 0) out vec4 out_ambient;
layout(location = 1) out vec4 out_sunlit;
layout(location = 2) out vec4 out_at;
layout(location = 3) out vec4 out_colour;
void main() {
    if (int(material.x + 0.5) == 5 && leaf_gap(uv, material.y)) discard;
    vec3 dir = normalize(at - eye), n = normalize(normal);
    if (dot(n, dir) > 0.0 && int(material.x + 0.5) != 5) n = -n;
    Surface s = surface(at, n, uv, colour, material, dir);
    vec3 ambient, sunlit;
    lit(s, at, dir, static_sun(at, n), ambient, sunlit);
    float h = haze(at);
    out_ambient = vec4(mix(ambient, sky(normalize(vec3(dir.xy, 0.06))), h), 1.0);
    out_sunlit = vec4(sunlit * (1.0 - h), 1.0);
    out_at = vec4(at, 1.0 + s.wet);
    out_colour = vec4(s.albedo * s.occlusion * (1.0 - h), 1.0);
}
"""
)

SHADOW_FRAGMENT = (
    HEAD
    + NOISE
    + LEAF_CUT
    + """
in vec2 uv; flat in vec4 material;
void main() { if (int(material.x + 0.5) == 5 && leaf_gap(uv, material.y)) discard; }
"""
)

SCREEN_VERTEX = (
    HEAD
    + """
out vec2 screen;
void main() {
    vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
    screen = corner;
    gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}
"""
)

# The tiles of a frame that change; `flip` turns the picture's first row to the top.
TILE_VERTEX = (
    HEAD
    + """
uniform bool flip;
in vec4 in_tile;
out vec2 screen;
void main() {
    screen = mix(in_tile.xy, in_tile.zw, vec2(gl_VertexID & 1, (gl_VertexID >> 1) & 1));
    if (flip) screen.y = 1.0 - screen.y;
    gl_Position = vec4(screen * 2.0 - 1.0, 0.0, 1.0);
}
"""
)

SKY_FRAGMENT = (
    HEAD
    + NOISE
    + LIGHT
    + """
uniform mat4 from_clip;
in vec2 screen;
layout(location = 0) out vec4 out_ambient;
layout(location = 1) out vec4 out_sunlit;
layout(location = 2) out vec4 out_at;
layout(location = 3) out vec4 out_colour;
void main() {
    out_colour = vec4(0.0);
    vec4 far = from_clip * vec4(screen * 2.0 - 1.0, 1.0, 1.0);
    out_ambient = vec4(sky(normalize(far.xyz / far.w - eye)), 1.0);
    out_sunlit = vec4(0.0, 0.0, 0.0, 1.0);
    out_at = vec4(0.0, 0.0, -1000.0, 0.0);
}
"""
)

# Averages a block of `factor` x `factor` samples, darkens creases (screen-space ambient occlusion, 32 samples) and lets wet
# ground mirror what the picture shows above it (a march along the mirrored ray through the picture's places).
SHRINK_FRAGMENT = (
    HEAD
    + NOISE
    + LIGHT
    + """
uniform sampler2D ambient; uniform sampler2D sunlit; uniform sampler2D place; uniform sampler2D colour;
uniform int factor; uniform mat4 to_clip;
in vec2 screen;
layout(location = 0) out vec4 out_ambient;
layout(location = 1) out vec4 out_sunlit;
layout(location = 2) out vec4 out_at;
layout(location = 3) out vec4 out_colour;
vec3 mirrored_in(vec3 at, vec3 way) {
    float step = 0.25;
    for (float along = 0.3; along < 70.0; along += step) {
        vec3 p = at + way * along;
        vec4 q = to_clip * vec4(p, 1.0);
        vec2 uv = q.xy / q.w * 0.5 + 0.5;
        if (q.w <= 0.0 || any(lessThan(uv, vec2(0.0))) || any(greaterThan(uv, vec2(1.0)))) break;
        vec4 hit = texture(place, uv);
        float gap = distance(p, eye) - distance(hit.xyz, eye);
        if (hit.w > 0.5 && gap > 0.02 && gap < step * 2.0 + 0.4) return texture(ambient, uv).rgb + texture(sunlit, uv).rgb;
        step *= 1.06;
    }
    return sky(vec3(way.xy, abs(way.z))) * 0.7;
}
float openness(vec3 at, vec3 n) {
    float blocked = 0.0;
    for (int i = 0; i < 32; i++) {
        float a = float(i) * 2.399963 + hash(at.xy + at.z) * 6.28, z = (float(i) + 0.5) / 32.0, r = sqrt(1.0 - z * z);
        vec3 t = normalize(abs(n.z) < 0.9 ? cross(n, vec3(0, 0, 1)) : cross(n, vec3(1, 0, 0)));
        vec3 d = (t * cos(a) + cross(n, t) * sin(a)) * r + n * z;
        vec3 p = at + n * 0.05 + d * (0.1 + 1.3 * fract(float(i) * 0.618));
        vec4 q = to_clip * vec4(p, 1.0);
        vec4 hit = texture(place, q.xy / q.w * 0.5 + 0.5);
        float gap = distance(p, eye) - distance(hit.xyz, eye);
        if (hit.w > 0.5 && gap > 0.03) blocked += 1.0 - smoothstep(0.8, 2.5, gap);
    }
    return 1.0 - 0.75 * blocked / 32.0;
}
void main() {
    ivec2 base = ivec2(gl_FragCoord.xy) * factor;
    vec3 a = vec3(0), s = vec3(0), c = vec3(0);
    for (int x = 0; x < factor; x++) for (int y = 0; y < factor; y++) {
        vec3 one = texelFetch(ambient, base + ivec2(x, y), 0).rgb, two = texelFetch(sunlit, base + ivec2(x, y), 0).rgb;
        a += min(one, 2.0); s += min(two, 2.0);
        c += texelFetch(colour, base + ivec2(x, y), 0).rgb;
    }
    float share = 1.0 / float(factor * factor);
    vec4 at = texelFetch(place, base + factor / 2, 0);
    vec3 right = texelFetch(place, base + ivec2(factor, 0) + factor / 2, 0).xyz - at.xyz;
    vec3 above = texelFetch(place, base + ivec2(0, factor) + factor / 2, 0).xyz - at.xyz;
    vec3 n = cross(right, above);
    float open = at.w > 0.5 && length(n) > 1e-9 && length(right) + length(above) < 3.0 ? openness(at.xyz, normalize(n)) : 1.0;
    a *= share * open;
    if (at.w > 1.02) {
        vec3 dir = normalize(at.xyz - eye);
        vec2 ripple = vec2(vnoise(at.xy * 9.0), vnoise(at.xy * 9.0 + 31.0)) - 0.5;
        vec3 up = normalize(vec3(ripple * 0.03, 1.0));
        float fresnel = 0.03 + 0.80 * pow(1.0 - abs(dot(dir, up)), 4.0);
        a = mix(a, mirrored_in(at.xyz, reflect(dir, up)), clamp(fresnel * (at.w - 1.0) * 1.5, 0.0, 0.85));
    }
    out_ambient = vec4(a, 1.0);
    out_sunlit = vec4(s * share * mix(1.0, open, 0.3), 1.0);
    out_at = at;
    out_colour = vec4(c * share * open, 1.0);
}
"""
)

# Lays the still world's depth under what moves, and clears the picture.
DEPTH_FRAGMENT = (
    HEAD
    + """
uniform sampler2D depth;
layout(location = 0) out vec4 out_colour;
void main() { out_colour = vec4(0.0); gl_FragDepth = texelFetch(depth, ivec2(gl_FragCoord.xy), 0).r; }
"""
)

MOVING_VERTEX = (
    HEAD
    + """
uniform mat4 to_clip;
in vec3 in_position; in vec3 in_normal; in vec2 in_uv; in vec3 in_colour; in vec4 in_material;
in mat4 in_place; in vec4 in_tint;
out vec3 at; out vec3 normal; out vec2 uv; flat out vec3 colour; flat out vec4 material;
void main() {
    at = (in_place * vec4(in_position, 1.0)).xyz;
    normal = mat3(in_place) * in_normal;
    int kind = int(in_material.x + 0.5);
    colour = kind == 7 || kind == 8 || kind == 9 ? in_colour * in_tint.rgb : in_colour;
    material = in_material; uv = in_uv;
    if (kind == 8) material.z *= in_tint.a;
    gl_Position = to_clip * vec4(at, 1.0);
}
"""
)

MOVING_FRAGMENT = (
    HEAD
    + NOISE
    + LIGHT
    + STILL_INPUTS
    + MATERIALS
    + """
uniform sampler2DShadow shadow_moving; uniform mat4 to_shadow_moving;
in vec3 at; in vec3 normal; in vec2 uv; flat in vec3 colour; flat in vec4 material;
layout(location = 0) out vec4 out_colour;
void main() {
    vec3 dir = normalize(at - eye), n = normalize(normal);
    if (dot(n, dir) > 0.0) n = -n;
    Surface s = surface(at, n, uv, colour, material, dir);
    s.occlusion *= 0.55 + 0.45 * smoothstep(0.0, 1.1, at.z);
    vec3 ambient, sunlit;
    float sun = static_sun(at, n) * shade(shadow_moving, to_shadow_moving, at + n * 0.03, 2048.0, 0.00012);
    lit(s, at, dir, sun, ambient, sunlit);
    out_colour = vec4(mix(ambient + sunlit, sky(normalize(vec3(dir.xy, 0.06))), haze(at)), 1.0);
}
"""
)

# Round soft puffs facing the camera: contact shadows on the ground, smoke, flames. Premultiplied alpha.
PUFF_VERTEX = (
    HEAD
    + """
uniform mat4 to_clip; uniform vec3 right; uniform vec3 up;
in vec3 in_centre; in vec2 in_size; in vec4 in_colour; in vec4 in_look;   // look: turn, flatness on the ground, glow, seed
out vec2 disc; flat out vec4 colour; flat out vec4 look; out vec3 at;
void main() {
    vec2 c = vec2(gl_VertexID & 1, (gl_VertexID >> 1) & 1) * 2.0 - 1.0;
    float s = sin(in_look.x), k = cos(in_look.x);
    vec2 r = vec2(k * c.x * in_size.x + s * c.y * in_size.y, -s * c.x * in_size.x + k * c.y * in_size.y);
    at = in_centre + (in_look.y > 0.5 ? vec3(r, 0.0) : right * r.x + up * r.y);
    disc = c; colour = in_colour; look = in_look;
    gl_Position = to_clip * vec4(at, 1.0);
}
"""
)

PUFF_FRAGMENT = (
    HEAD
    + """
uniform sampler2D cloud;   // two fields of fractal noise, 0..1
in vec2 disc; flat in vec4 colour; flat in vec4 look; in vec3 at;
layout(location = 0) out vec4 out_colour;
void main() {
    float r = length(disc);
    if (r > 1.0) discard;
    float soft = 1.0 - smoothstep(0.25, 1.0, r);
    vec2 tone = texture(cloud, disc * 0.21 + look.w * vec2(41.3, 17.7)).rg;
    if (look.y < 0.5) soft *= smoothstep(0.12, 0.75, tone.r + 0.42 * (1.0 - r));
    float a = soft * colour.a;
    vec3 lit = colour.rgb * (look.z > 0.0 ? 1.0 : 0.6 + 0.8 * tone.g);
    out_colour = vec4(lit * a, look.z > 0.0 ? a * (1.0 - look.z) : a);
}
"""
)

COMPOSE_FRAGMENT = (
    HEAD
    + NOISE
    + """
uniform sampler2D ambient; uniform sampler2D sunlit; uniform sampler2D place; uniform sampler2D moving;
uniform sampler2DShadow shadow_moving; uniform mat4 to_shadow_moving;
uniform sampler2D colour; uniform int glows;
uniform vec4 glow_at[8];   // lights that move or flicker: place and reach in metres
uniform vec3 glow_colour[8];
in vec2 screen;
layout(location = 0) out vec4 out_colour;
float moving_sun(vec3 p) {
    vec4 q = to_shadow_moving * vec4(p, 1.0);
    vec3 c = q.xyz * 0.5 + 0.5;
    if (any(lessThan(c, vec3(0.0))) || any(greaterThan(c, vec3(1.0)))) return 1.0;
    float sum = 0.0;
    for (int x = 0; x < 2; x++) for (int y = 0; y < 2; y++)
        sum += texture(shadow_moving, vec3(c.xy + (vec2(x, y) - 0.5) / 2048.0, c.z - 0.0002));
    return sum / 4.0;
}
void main() {
    vec4 at = texture(place, screen), over = texture(moving, screen);
    vec3 sun = texture(sunlit, screen).rgb;
    if (at.w > 0.5 && dot(sun, vec3(1)) > 0.004) sun *= moving_sun(at.xyz);
    vec3 c = texture(ambient, screen).rgb;
    if (at.w > 0.5 && glows > 0) {
        vec3 own = texture(colour, screen).rgb;
        for (int i = 0; i < glows; i++) {
            float d = distance(at.xyz, glow_at[i].xyz) / glow_at[i].w;
            c += own * glow_colour[i] * max(1.0 / (1.0 + d * d * 8.0) - 0.03, 0.0);
        }
    }
    out_colour = vec4((c + sun) * (1.0 - over.a) + over.rgb, 1.0);
}
"""
)

# The lens with what hangs on it, the sensor and its noise, the rain that falls before it.
SENSOR_FRAGMENT = (
    HEAD
    + """
uniform sampler2D scene; uniform sampler2D speckle; uniform sampler2D streaks; uniform sampler2D drops;
uniform vec2 size; uniform vec2 shift; uniform float exposure; uniform float grain; uniform float vivid; uniform float rain;
in vec2 screen;
layout(location = 0) out vec4 out_colour;
vec3 film(vec3 x) { return clamp((x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0); }
void main() {
    vec2 p = vec2(screen.x, 1.0 - screen.y), away = screen - 0.5;
    vec2 step = (0.42 + 0.5 * dot(away, away)) / size;
    if (rain > 0.0) {
        vec4 drop = texture(drops, screen);
        p += (drop.rg - 0.5) * 0.16 * drop.b;
        step *= 1.0 + 5.0 * drop.b;
    }
    vec3 c = min(texture(scene, p).rgb, 4.0) * 4.0;
    c += min(texture(scene, p + vec2(step.x, 0)).rgb, 4.0) + min(texture(scene, p - vec2(step.x, 0)).rgb, 4.0)
       + min(texture(scene, p + vec2(0, step.y)).rgb, 4.0) + min(texture(scene, p - vec2(0, step.y)).rgb, 4.0);
    c = film(c * exposure * 0.125) * (1.0 - 0.42 * dot(away, away));
    float grey = dot(c, vec3(0.299, 0.587, 0.114));
    c = pow(mix(vec3(grey), c, vivid), vec3(1.0 / 2.2)) * vec3(0.985, 1.0, 1.01);
    if (rain > 0.0) c += rain * texture(streaks, screen * vec2(1.25, 0.7) + shift.yx).r * (0.05 + 0.9 * grey);
    vec3 n = texture(speckle, gl_FragCoord.xy / 256.0 + shift).rgb - 0.5;
    out_colour = vec4(c + mix(n.rrr, n, vivid * 0.7) * grain * (1.3 - grey), 1.0);
}
"""
)
