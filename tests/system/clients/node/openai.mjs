import OpenAI from "openai";
import { baseURL, citySchema, extra, png, question, result, run } from "./scenario.mjs";

const client = new OpenAI({ baseURL, apiKey: "dev", maxRetries: 0 });
const tools = [
  { type: "function", function: { name: "get_weather", description: "Weather now.", parameters: citySchema } },
];
const user = (content) => ({ role: "user", content });
const ask = (messages, fields = {}) => client.chat.completions.create({ model: "auto", messages, ...extra, ...fields });

await run({
  chat: async () => ({ text: (await ask([user("Say hello")])).choices[0].message.content }),
  stream: async () => {
    const pieces = [];
    let usage = false;
    for await (const chunk of await ask([user("Say hello")], { stream: true })) {
      for (const choice of chunk.choices) if (choice.delta.content) pieces.push(choice.delta.content);
      usage ||= chunk.usage?.total_tokens > 0;
    }
    return { text: pieces.join(""), pieces: pieces.length, usage };
  },
  tools: async () => {
    const { message } = (await ask([user(question)], { tools })).choices[0];
    const [call] = message.tool_calls;
    const told = { role: "tool", tool_call_id: call.id, content: result };
    const answered = await ask([user(question), message, told], { tools });
    const { name, arguments: written } = call.function;
    return { name, arguments: JSON.parse(written), answer: answered.choices[0].message.content };
  },
  structured: async () => {
    const json_schema = { name: "city", strict: true, schema: citySchema };
    const reply = await ask([user("Which city?")], { response_format: { type: "json_schema", json_schema } });
    return JSON.parse(reply.choices[0].message.content);
  },
  vision: async () => {
    const url = `data:image/png;base64,${png.toString("base64")}`;
    const parts = [{ type: "text", text: "What is in this picture?" }, { type: "image_url", image_url: { url } }];
    return (await ask([user(parts)])).choices[0].message.content;
  },
  error: async () => {
    try {
      await ask([user("Hello")], { max_tokens: 0 });
    } catch (error) {
      return { status: error.status, message: error.message };
    }
  },
});
