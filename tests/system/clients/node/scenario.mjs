// What every JavaScript client is asked to do: `node <client>.mjs BASE_URL ALLOWED`; prints one JSON object.
import { readFileSync } from "node:fs";

export const [baseURL, allowed] = process.argv.slice(2);
export const question = "What is the weather in Paris? Use get_weather.";
export const result = "18 degrees";
export const extra = { plugins: [{ id: "auto-router", allowed_models: [allowed] }] };
export const citySchema = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
export const png = readFileSync(new URL("./red.png", import.meta.url));

/** A fetch that adds our own fields to every body, for libraries that pass on none. */
export async function fetchWithWishes(url, options) {
  const body = JSON.stringify({ ...JSON.parse(options.body), ...extra });
  return fetch(url, { ...options, body });
}

export async function run(scenarios) {
  const told = {};
  for (const [name, scenario] of Object.entries(scenarios)) told[name] = await scenario();
  console.log(JSON.stringify(told));
}
