// A hand-written Node service: Fastify, Mercurius with graphql-jit, batching loaders, node-postgres
// with prepared statements.
import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, idleTimeoutMillis: 0 });

/** A statement that is prepared once in each connection. */
const prepared = (name, text) => async (...values) => (await pool.query({ name, text, values })).rows;

const WIJK = `SELECT id, code, name, gemeente_id, inhabitants, households, area_ha AS "areaHa", density, urbanity FROM nb.wijk`;
const wijkByCode = prepared("wijk_by_code", `${WIJK} WHERE code = $1`);
const wijkById = prepared("wijk_by_id", `${WIJK} WHERE id = ANY($1)`);
const wijkenOf = prepared("wijken_of", `${WIJK} WHERE gemeente_id = ANY($1) ORDER BY code`);
const wijkenPage = prepared("wijken_page", `${WIJK} ORDER BY id LIMIT $1`);
const gemeenteByCode = prepared("gemeente_by_code", "SELECT id, code, name FROM nb.gemeente WHERE code = $1");
const gemeenteById = prepared("gemeente_by_id", "SELECT id, code, name FROM nb.gemeente WHERE id = ANY($1)");
const geometryOf = prepared("geometry_of", "SELECT id, geojson FROM nb.wijk WHERE id = ANY($1)");
const latestOf = prepared(
  "latest_of",
  `SELECT wijk_id, indicator_id AS "indicatorId", year, value FROM nb.latest_observation
   WHERE wijk_id = ANY($1) AND indicator_id = ANY($2) ORDER BY indicator_id`,
);
const seriesOf = prepared(
  "series_of",
  `SELECT wijk_id, indicator_id AS "indicatorId", year, value FROM nb.observation
   WHERE wijk_id = ANY($1) AND indicator_id = ANY($2) ORDER BY year`,
);
const focusAreas = prepared("focus_areas", "SELECT id, slug, name FROM nb.focus_area ORDER BY id");
const membersOf = prepared(
  "members_of",
  "SELECT focus_area_id, wijk_id, share FROM nb.focus_area_member WHERE focus_area_id = ANY($1) ORDER BY wijk_id",
);
const ranked = prepared(
  "ranked",
  `SELECT wijk_id, value FROM nb.observation WHERE indicator_id = $1 AND year = $2
   ORDER BY value DESC NULLS LAST, wijk_id LIMIT $3`,
);
const rowsOf = prepared(
  "rows_of",
  `SELECT wijk_id AS "wijkId", year, value FROM nb.observation WHERE indicator_id = $1 ORDER BY wijk_id, year`,
);

const schema = `
  scalar JSON
  type Observation { indicatorId: Int! year: Int! value: Float }
  type Series { indicatorId: Int! points: [Observation!]! }
  type Gemeente { code: String! name: String! wijken: [Wijk!]! }
  type Wijk {
    code: String! name: String! inhabitants: Float households: Float areaHa: Float density: Float urbanity: Float
    gemeente: Gemeente! geometry: JSON
    latest(indicators: [Int!]!): [Observation!]! series(indicators: [Int!]!): [Series!]!
  }
  type Member { share: Float! wijk: Wijk! }
  type FocusArea { slug: String! name: String! members: [Member!]! }
  type Ranked { rank: Int! value: Float wijk: Wijk! }
  type Row { wijkId: Int! year: Int! value: Float }
  type Query {
    wijk(code: String!): Wijk
    gemeente(code: String!): Gemeente
    wijken(first: Int! = 5000): [Wijk!]!
    focusAreas: [FocusArea!]!
    ranking(indicator: Int!, year: Int!, first: Int! = 100): [Ranked!]!
    observations(indicator: Int!): [Row!]!
  }`;

const resolvers = {
  Query: {
    wijk: async (_, { code }) => (await wijkByCode(code))[0],
    gemeente: async (_, { code }) => (await gemeenteByCode(code))[0],
    wijken: (_, { first }) => wijkenPage(first),
    focusAreas: () => focusAreas(),
    ranking: async (_, { indicator, year, first }) =>
      (await ranked(indicator, year, first)).map((row, place) => ({ rank: place + 1, ...row })),
    observations: (_, { indicator }) => rowsOf(indicator),
  },
};

const grouped = (rows, key) => {
  const groups = new Map();
  for (const row of rows) {
    const group = groups.get(row[key]);
    if (group) group.push(row);
    else groups.set(row[key], [row]);
  }
  return groups;
};
const ids = (asked, key) => asked.map(({ obj }) => obj[key]);
const one = (load, key, of = (row) => row) => async (asked) => {
  const found = new Map((await load(ids(asked, key))).map((row) => [row.id, row]));
  return asked.map(({ obj }) => of(found.get(obj[key])));
};
const many = (load, owner) => async (asked) => {
  const found = grouped(await load(ids(asked, "id")), owner);
  return asked.map(({ obj }) => found.get(obj.id) ?? []);
};
const indicatorsOf = (asked) => [...new Set(asked.flatMap(({ params }) => params.indicators))];

const loaders = {
  Wijk: {
    gemeente: one(gemeenteById, "gemeente_id"),
    geometry: one(geometryOf, "id", (row) => row.geojson),
    async latest(asked) {
      const found = grouped(await latestOf(ids(asked, "id"), indicatorsOf(asked)), "wijk_id");
      return asked.map(({ obj, params }) =>
        (found.get(obj.id) ?? []).filter((row) => params.indicators.includes(row.indicatorId)),
      );
    },
    async series(asked) {
      const found = grouped(await seriesOf(ids(asked, "id"), indicatorsOf(asked)), "wijk_id");
      return asked.map(({ obj, params }) => {
        const own = grouped(found.get(obj.id) ?? [], "indicatorId");
        return params.indicators.map((indicatorId) => ({ indicatorId, points: own.get(indicatorId) ?? [] }));
      });
    },
  },
  Gemeente: { wijken: many(wijkenOf, "gemeente_id") },
  FocusArea: { members: many(membersOf, "focus_area_id") },
  Member: { wijk: one(wijkById, "wijk_id") },
  Ranked: { wijk: one(wijkById, "wijk_id") },
};

const app = Fastify({ logger: false });
app.register(mercurius, { schema, resolvers, loaders, jit: 1, graphiql: false });
await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
