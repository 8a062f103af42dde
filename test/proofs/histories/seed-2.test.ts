import { historiesOf } from "../../histories/suite";

historiesOf(2, 10);
