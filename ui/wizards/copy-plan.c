/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/copy-plan.h"

#include "core/base/text.h"
#include "ui/wizards/shell-line.h"

/**
 * IssCopyPlan:
 *
 * One certificate of one server, and which others get it.
 */
struct _IssCopyPlan
{
  GObject        parent_instance;

  /* Owned References */
  IssExportPlan *source;
  GPtrArray     *servers;     /* (element-type IssServer) */

  gboolean       for_pool;
  gboolean       exportable;
};

G_DEFINE_FINAL_TYPE (IssCopyPlan, iss_copy_plan, G_TYPE_OBJECT)

static void
iss_copy_plan_finalize (GObject *object)
{
  IssCopyPlan *self = ISS_COPY_PLAN (object);

  g_clear_object (&self->source);
  g_clear_pointer (&self->servers, g_ptr_array_unref);

  G_OBJECT_CLASS (iss_copy_plan_parent_class)->finalize (object);
}

static void
iss_copy_plan_class_init (IssCopyPlanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_copy_plan_finalize;
}

static void
iss_copy_plan_init (IssCopyPlan *self)
{
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
  self->for_pool = TRUE;
}

/**
 * iss_copy_plan_new:
 * @source: which certificate, of which server
 *
 * Returns: (transfer full): a plan to copy it to no server yet
 */
IssCopyPlan *
iss_copy_plan_new (IssExportPlan *source)
{
  IssCopyPlan *self;

  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (source), NULL);

  self = g_object_new (ISS_TYPE_COPY_PLAN, NULL);
  self->source = g_object_ref (source);
  return self;
}

IssExportPlan *
iss_copy_plan_get_source (IssCopyPlan *self)
{
  g_return_val_if_fail (ISS_IS_COPY_PLAN (self), NULL);

  return self->source;
}

gboolean
iss_copy_plan_get_for_pool (IssCopyPlan *self)
{
  g_return_val_if_fail (ISS_IS_COPY_PLAN (self), FALSE);

  return self->for_pool;
}

void
iss_copy_plan_set_for_pool (IssCopyPlan *self,
                            gboolean     for_pool)
{
  g_return_if_fail (ISS_IS_COPY_PLAN (self));

  self->for_pool = for_pool;
}

gboolean
iss_copy_plan_get_exportable (IssCopyPlan *self)
{
  g_return_val_if_fail (ISS_IS_COPY_PLAN (self), FALSE);

  return self->exportable;
}

void
iss_copy_plan_set_exportable (IssCopyPlan *self,
                              gboolean     exportable)
{
  g_return_if_fail (ISS_IS_COPY_PLAN (self));

  self->exportable = exportable;
}

GPtrArray *
iss_copy_plan_get_servers (IssCopyPlan *self)
{
  g_return_val_if_fail (ISS_IS_COPY_PLAN (self), NULL);

  return self->servers;
}

void
iss_copy_plan_set_servers (IssCopyPlan *self,
                           GPtrArray   *servers)
{
  g_return_if_fail (ISS_IS_COPY_PLAN (self));

  g_ptr_array_ref (servers);
  g_ptr_array_unref (self->servers);
  self->servers = servers;
}

/**
 * iss_copy_plan_make_job:
 * @self: a plan whose source was loaded, with servers
 *
 * Returns: (transfer full): the job that does it
 */
IssJob *
iss_copy_plan_make_job (IssCopyPlan *self)
{
  IssCertificate *certificate;
  IssPoolCopyRequest request = { .store = ISS_STORE_MY };

  g_return_val_if_fail (ISS_IS_COPY_PLAN (self), NULL);
  g_return_val_if_fail (self->servers->len > 0, NULL);

  certificate = iss_export_plan_get_certificate (self->source);
  request.holder = iss_export_plan_get_server (self->source);
  request.sha256 = iss_certificate_get_sha256 (certificate);
  request.exportable = self->exportable;
  request.intent = self->for_pool ? ISS_INTENT_POOL : ISS_INTENT_SERVER;

  return iss_pool_copy_new (self->servers, &request);
}

/**
 * iss_copy_plan_dup_shell_line:
 * @self: a plan whose source was loaded, with servers
 *
 * Returns: (transfer full): the line that does the same in a shell
 */
char *
iss_copy_plan_dup_shell_line (IssCopyPlan *self)
{
  IssCertificate *certificate;
  g_autoptr(GString) line = NULL;
  g_autofree char *thumbprint = NULL;
  g_autofree char *from = NULL;

  g_return_val_if_fail (ISS_IS_COPY_PLAN (self), NULL);

  certificate = iss_export_plan_get_certificate (self->source);
  thumbprint = iss_text_thumbprint (iss_certificate_get_sha1 (certificate));
  from = iss_server_dup_short_name (iss_export_plan_get_server (self->source));

  line = iss_shell_line_new (iss_export_plan_get_workspace (self->source), "copy-certificate");
  iss_shell_line_add (line, "--from", from);
  iss_shell_line_add_servers (line, self->servers);
  iss_shell_line_add (line, "--thumbprint", thumbprint);
  iss_shell_line_add (line, "--intent", self->for_pool ? "pool" : "server");
  if (self->exportable)
    g_string_append (line, " --exportable");

  return g_strdup (line->str);
}
