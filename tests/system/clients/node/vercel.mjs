// The Vercel AI SDK, by OpenRouter's provider or by OpenAI's (which asks for responses): `... BASE_URL ALLOWED PROVIDER`.
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from "ai";
import { baseURL, citySchema, fetchWithWishes, png, question, result, run } from "./scenario.mjs";

const settings = { baseURL, apiKey: "dev", fetch: fetchWithWishes };
const providers = {
  openrouter: () => createOpenRouter(settings)("auto"),
  openai: () => createOpenAI(settings)("auto"),
};
const model = providers[process.argv[4]]();
const common = { model, maxRetries: 0 };
const schema = jsonSchema(citySchema);

await run({
  chat: async () => ({ text: (await generateText({ ...common, prompt: "Say hello" })).text }),
  stream: async () => {
    const stream = streamText({ ...common, prompt: "Say hello" });
    const pieces = [];
    for await (const piece of stream.textStream) pieces.push(piece);
    const { outputTokens } = await stream.usage;
    return { text: pieces.join(""), pieces: pieces.length, usage: outputTokens > 0 };
  },
  tools: async () => {
    const called = [];
    const get_weather = tool({
      description: "Weather now.",
      inputSchema: schema,
      execute: async (given) => (called.push(given), result),
    });
    const answered = await generateText({
      ...common, prompt: question, tools: { get_weather }, stopWhen: stepCountIs(2),
    });
    return { name: "get_weather", arguments: called[0], answer: answered.text };
  },
  structured: async () => {
    const answered = await generateText({ ...common, prompt: "Which city?", output: Output.object({ schema }) });
    return answered.output;
  },
  vision: async () => {
    const content = [{ type: "text", text: "What is in this picture?" }, { type: "image", image: png }];
    return (await generateText({ ...common, messages: [{ role: "user", content }] })).text;
  },
  error: async () => {
    try {
      await generateText({ ...common, prompt: "Hello", temperature: 9 });
    } catch (error) {
      return { status: error.statusCode, message: error.message };
    }
  },
});
