import { noTextBecomesAnExpression } from "../../properties/expressions";

noTextBecomesAnExpression(300);
