/** The page of `initgraph size --html`. */
import { byId, readPageData } from "../shared/page-data.ts";

byId("main").append(JSON.stringify(readPageData<unknown>()));
