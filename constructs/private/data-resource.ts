import { DataResource, type Construct, type DataConfig, type IValidation } from "./terraform";

/**
 * A `terraform_data` that synthesises without a Terraform. CDKTF's own runs `terraform version` at each synthesis, once for each
 * resource, and fails where the program is missing or is called `tofu`: a question for the deploy, where Terraform answers it itself.
 */
export function dataResource(scope: Construct, id: string, config: DataConfig): DataResource {
  const resource = new DataResource(scope, id, config);
  const added: IValidation[] = [];
  // There is no way to take a validation back: those that come later are kept, CDKTF's is not.
  resource.node.addValidation = (validation) => void added.push(validation);
  resource.node.validate = () => added.flatMap((validation) => validation.validate());
  return resource;
}
